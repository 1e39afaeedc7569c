package io.lvs4j.keepalived.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Protocol;
import io.lvs4j.api.VirtualServerId;
import io.lvs4j.api.vrrp.Priority;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that are run for events, one after another. */
@Timeout(60)
class NotificationTest {
  private static final Duration PLENTY = Duration.ofSeconds(30);

  @TempDir private Path directory;

  /** A command that appends its arguments to a file, and takes its time when told to. */
  private ScriptCommand append(String... arguments) {
    var words = new ArrayList<>(List.of("/bin/sh", "-c", "sleep $0; echo $* >> " + told()));
    words.add(arguments.length > 0 && arguments[0].equals("slow") ? "0.3" : "0");
    words.addAll(List.of(arguments));
    return new ScriptCommand(words);
  }

  private Path told() {
    return directory.resolve("told");
  }

  private List<String> lines() throws IOException {
    return Files.exists(told()) ? Files.readAllLines(told()) : List.of();
  }

  @Test
  void eventsAreToldInTheirOrderHoweverLongAScriptTakes() throws Exception {
    var slow = new VrrpNotification(Trigger.MASTER, append("slow", "master"), false);
    var any = new VrrpNotification(Trigger.ANY, append("any"), false);
    var priority = new Priority(150);

    for (var listener : List.of(slow, any)) {
      listener.accept(new VrrpEvent.Master("VI_1", priority, "timeout"));
    }
    any.accept(new VrrpEvent.Backup("VI_1", priority, "heard"));
    any.accept(new VrrpEvent.Fault("VI_1", priority, "link"));
    any.accept(new VrrpEvent.PriorityChanged("VI_1", priority, new Priority(1)));
    any.accept(new VrrpEvent.Stopped("VI_1", priority));

    // What the last event has set going is waited for: the process may be about to end.
    any.awaitEnd(PLENTY);
    assertThat(told())
        .hasContent(
            """
            slow master
            any INSTANCE VI_1 MASTER 150
            any INSTANCE VI_1 BACKUP 150
            any INSTANCE VI_1 FAULT 150
            any INSTANCE VI_1 STOP 150
            """);
  }

  @Test
  void aGroupIsCalledOne() throws Exception {
    var listener = new VrrpNotification(Trigger.ANY, append(), true);
    listener.accept(new VrrpEvent.Stopped("G", Priority.DEFAULT));
    listener.awaitEnd(PLENTY);
    assertThat(told()).hasContent("GROUP G STOP 0\n");
  }

  @Test
  void anInstanceThatIsRemovedIsInFaultOrDeleted() throws Exception {
    var removed = new VrrpEvent.Stopped("VI_1", new Priority(130), true);
    for (var trigger : Trigger.values()) {
      var listener = new VrrpNotification(trigger, append(trigger.keyword()), false);
      listener.accept(removed);
      listener.awaitEnd(PLENTY);
    }
    var deleted = new VrrpNotification(Trigger.ANY, append("notify"), false, true);
    deleted.accept(removed);
    deleted.awaitEnd(PLENTY);
    assertThat(told())
        .hasContent(
            "notify_deleted\nnotify INSTANCE VI_1 FAULT 130\nnotify INSTANCE VI_1 DELETED 130\n");
  }

  @Test
  void aScriptThatIsNotThereHoldsUpNothing() throws Exception {
    new VrrpNotification(Trigger.STOP, new ScriptCommand(List.of("/none/such")), false)
        .accept(new VrrpEvent.Stopped("VI_1", Priority.DEFAULT));
    var next = new VrrpNotification(Trigger.STOP, append("next"), false);
    next.accept(new VrrpEvent.Stopped("VI_1", Priority.DEFAULT));
    next.awaitEnd(PLENTY);
    assertThat(told()).hasContent("next\n");
  }

  @Test
  void aScriptThatHangsDelaysNoOtherInstanceAndIsWaitedForOnceInAll() throws Exception {
    var pid = directory.resolve("pid");
    var hang = List.of("/bin/sh", "-c", "echo $$ > " + pid + "; exec sleep 1000");
    var hanging = new VrrpNotification(Trigger.BACKUP, new ScriptCommand(hang), false);
    hanging.accept(new VrrpEvent.Backup("VI_1", Priority.DEFAULT, "heard"));
    await().until(() -> Files.exists(pid) && Files.size(pid) > 1);
    try {
      for (var trigger : List.of(Trigger.MASTER, Trigger.STOP)) {
        var other = new VrrpNotification(trigger, append(trigger.name()), false);
        other.accept(new VrrpEvent.Master("VI_2", Priority.DEFAULT, "timeout"));
        other.accept(new VrrpEvent.Stopped("VI_2", Priority.DEFAULT));
      }
      await().untilAsserted(() -> assertThat(lines()).containsExactly("MASTER", "STOP"));

      // Its own last script doesn't wait for it to the end either.
      var own = new VrrpNotification(Trigger.STOP, append("own"), false);
      own.accept(new VrrpEvent.Stopped("VI_1", Priority.DEFAULT));
      own.awaitEnd(PLENTY);
      assertThat(lines()).contains("own");
      // Left to itself, it is waited for no more.
      assertThat(ProcessHandle.of(number(pid))).isPresent();
    } finally {
      ProcessHandle.of(number(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void nobodyWaitsTwiceForTheSameScript() throws Exception {
    var pid = directory.resolve("pid");
    var hang = List.of("/bin/sh", "-c", "echo $$ > " + pid + "; exec sleep 1000");
    var hanging = new VrrpNotification(Trigger.BACKUP, new ScriptCommand(hang), false);
    hanging.accept(new VrrpEvent.Backup("VI_3", Priority.DEFAULT, "heard"));
    await().until(() -> Files.exists(pid) && Files.size(pid) > 1);
    try {
      hanging.awaitEnd(Duration.ofMillis(50));
      // Returns at once: it would run into the test's time-out otherwise.
      hanging.awaitEnd(Duration.ofDays(1));
    } finally {
      ProcessHandle.of(number(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static long number(Path pid) throws IOException {
    return Long.parseLong(Files.readString(pid).trim());
  }

  @Test
  void serversAreToldApart() {
    var server = new Endpoint(InetAddress.ofLiteral("10.0.0.2"), 80);
    var other = new Endpoint(InetAddress.ofLiteral("10.0.0.3"), 80);
    var id = new VirtualServerId.Address(Protocol.TCP, other);
    var up = notification(ServerNotification.Trigger.UP, Optional.of(server), "up");
    var down = notification(ServerNotification.Trigger.DOWN, Optional.of(server), "down");
    var lost = notification(ServerNotification.Trigger.QUORUM_DOWN, Optional.empty(), "lost");
    var won = notification(ServerNotification.Trigger.QUORUM_UP, Optional.empty(), "won");

    for (var listener : List.of(up, down, lost, won)) {
      listener.onEvent(new DirectorEvent.RealServerUp(id, other));
      listener.onEvent(new DirectorEvent.RealServerUp(id, server));
      listener.onEvent(new DirectorEvent.RealServerDown(id, server, "refused"));
      listener.onEvent(new DirectorEvent.QuorumDown(id));
      listener.onEvent(new DirectorEvent.QuorumUp(id));
    }

    await().untilAsserted(() -> assertThat(lines()).containsExactly("up", "down", "lost", "won"));
  }

  private ServerNotification notification(
      ServerNotification.Trigger trigger, Optional<Endpoint> server, String word) {
    return new ServerNotification(trigger, server, append(word));
  }
}

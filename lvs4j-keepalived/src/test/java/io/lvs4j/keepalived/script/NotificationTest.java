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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that are run for events, one after another. */
class NotificationTest {
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
  void eventsAreToldInTheirOrderHoweverLongAScriptTakes() {
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

    // The last event of an instance is waited for: the process may be about to end.
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
  void aGroupIsCalledOne() {
    new VrrpNotification(Trigger.ANY, append(), true)
        .accept(new VrrpEvent.Stopped("G", Priority.DEFAULT));
    assertThat(told()).hasContent("GROUP G STOP 100\n");
  }

  @Test
  void aScriptThatIsNotThereHoldsUpNothing() {
    new VrrpNotification(Trigger.STOP, new ScriptCommand(List.of("/none/such")), false)
        .accept(new VrrpEvent.Stopped("VI_1", Priority.DEFAULT));
    new VrrpNotification(Trigger.STOP, append("next"), false)
        .accept(new VrrpEvent.Stopped("VI_1", Priority.DEFAULT));
    assertThat(told()).hasContent("next\n");
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

package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.api.HealthCheck;
import io.lvs4j.api.SmtpHello;
import io.lvs4j.health.ScriptedPeer;
import io.lvs4j.health.verdict.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** SMTP_CHECK before mail servers in all kinds of moods. */
@ParameterizedClass
@MethodSource("transports")
class SmtpTest extends AttemptTester {
  private static final HealthCheck CHECK = HealthCheck.of(SmtpHello.of());

  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** Greets with the first and answers each line with the next. */
  private ScriptedPeer server(String... replies) throws Exception {
    return ScriptedPeer.playing(c -> {
      c.send(replies[0]);
      for (int i = 1; i < replies.length; i++) {
        heard.add(c.readLine());
        c.send(replies[i]);
      }
      c.awaitOrderlyClose();
    });
  }

  private static String at(ScriptedPeer peer) {
    return "SMTP_CHECK " + peer.endpoint() + ": ";
  }

  @Test
  void aServerThatIsPolitePasses() throws Exception {
    try (var peer = server("220 mail ESMTP\r\n", "250 mail\r\n", "221 bye\r\n")) {
      assertPasses(CHECK, peer.endpoint(), at(peer) + "greeted with 220, HELO with 250");
      assertThat(heard).containsExactly("HELO lvs4j.invalid", "QUIT");
    }
  }

  @Test
  void codesMayStandAloneLinesMayEndByALineFeedAndTheLastReplyMayBeMissing() throws Exception {
    try (var peer = server("220\r\n", "250\r\n", "221\r\n")) {
      assertPasses(CHECK, peer.endpoint(), at(peer) + "greeted with 220, HELO with 250");
    }
    try (var peer = server("220-mail\n220 ready\n", "250 mail\n", "221 bye\n")) {
      assertPasses(CHECK, peer.endpoint(), at(peer) + "greeted with 220, HELO with 250");
    }
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.send("220 mail\r\n");
          heard.add(c.readLine());
          c.send("250 mail\r\n");
          heard.add(c.readLine());
        })) {
      assertPasses(CHECK, peer.endpoint(), at(peer) + "greeted with 220, HELO with 250");
    }
  }

  @Test
  void theNameMayBeSet() throws Exception {
    try (var peer = server("220 mail\r\n", "250 mail\r\n", "500 what\r\n")) {
      var named = HealthCheck.of(new SmtpHello("lb.example.org"));
      assertThat(outcome(named, peer.endpoint())).isInstanceOf(Outcome.Success.class);
      assertThat(heard).containsExactly("HELO lb.example.org", "QUIT");
    }
  }

  @Test
  void aReplyOfSeveralLinesIsOneReply() throws Exception {
    try (var peer =
        server("220-mail\r\n220 ready\r\n", "250-mail\r\n250 SIZE 1\r\n", "221 bye\r\n")) {
      assertPasses(CHECK, peer.endpoint(), at(peer) + "greeted with 220, HELO with 250");
    }
  }

  @Test
  void aReplyMayComeByteByByte() throws Exception {
    try (var peer =
        ScriptedPeer.playing(c -> {
          c.sendSlowly("220 mail\r\n", Duration.ofMillis(2));
          c.readLine();
          c.sendSlowly("250 mail\r\n", Duration.ofMillis(2));
          c.readLine();
          c.sendSlowly("221 bye\r\n", Duration.ofMillis(2));
        })) {
      assertThat(outcome(CHECK, peer.endpoint())).isInstanceOf(Outcome.Success.class);
    }
  }

  @Test
  void aServerThatIsBusyFails() throws Exception {
    try (var peer = server("421 too busy\r\n")) {
      assertFails(
          CHECK,
          peer.endpoint(),
          at(peer) + "reply \"421 too busy\" (expected: 220 in the greeting within 5 s)");
    }
    try (var peer = server("220 mail\r\n", "550 go away\r\n")) {
      assertFails(
          CHECK,
          peer.endpoint(),
          at(peer) + "reply \"550 go away\" (expected: 250 after HELO within 5 s)");
    }
  }

  @Test
  void aServerThatIsSilentFails() throws Exception {
    var hasty = CHECK.connectTimeout(SHORT);
    try (var peer = ScriptedPeer.playing(c -> c.awaitOrderlyClose())) {
      assertFails(
          hasty,
          peer.endpoint(),
          at(peer) + "no reply (expected: 220 in the greeting within 500 ms)");
    }
    try (var peer = server("220 mail\r\n", "")) {
      assertFails(
          hasty, peer.endpoint(), at(peer) + "no reply (expected: 250 after HELO within 500 ms)");
    }
    try (var peer = server("220 mail\r\n", "250 mail\r\n", "")) {
      assertFails(
          hasty,
          peer.endpoint(),
          at(peer) + "no reply (expected: a reply after QUIT within 500 ms)");
    }
  }

  @Test
  void aServerThatClosesOrResetsFails() throws Exception {
    try (var peer = ScriptedPeer.playing(c -> c.send("220 mail\r\n"))) {
      assertThat(outcome(CHECK, peer.endpoint()).detail())
          .matches(".*: (closed|connection reset) \\(expected: 250 after HELO within 5 s\\)");
    }
    try (var peer = ScriptedPeer.playing(c -> c.reset())) {
      assertThat(outcome(CHECK, peer.endpoint()).detail())
          .matches(".*: connection reset \\(expected: .*");
    }
  }

  @Test
  void anotherProtocolFails() throws Exception {
    try (var peer = server("SSH-2.0-OpenSSH\r\n")) {
      assertThat(outcome(CHECK, peer.endpoint()).detail())
          .matches(".*: not SMTP: .* \\(expected: 220 in the greeting within 5 s\\)");
    }
    try (var peer = ScriptedPeer.playing(c -> c.sendForever("x".repeat(1000)))) {
      assertThat(outcome(CHECK, peer.endpoint())).isInstanceOf(Outcome.Failure.class);
    }
  }
}

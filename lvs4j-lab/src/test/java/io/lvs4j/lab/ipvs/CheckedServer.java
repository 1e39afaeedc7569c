package io.lvs4j.lab.ipvs;

import io.lvs4j.lab.ipvs.CheckedBackend.Mood;
import java.time.Duration;

/**
 * A virtual server of one real server, and what the latter is like.
 *
 * @param checker keepalived's name of the checker, and what is special about this one
 * @param urls how many URLs the checker asks for, one after another
 * @param settings what the checker's block says but for its retries
 * @param wrong the weight while the backend is there and not well
 */
record CheckedServer(
    String checker, int port, CheckedBackend backend, int urls, String settings, String wrong) {
  /** How often each thing is looked at that a checker looks at. */
  static final Duration INTERVAL = Duration.ofSeconds(4);

  static final String UP = "1";
  static final String DOWN = "-";

  /** Returns it as the kernel's table calls it. */
  String service() {
    return "TCP 0A4D0064:%04X".formatted(port);
  }

  String weight(Mood mood) {
    return switch (mood) {
      case WELL -> UP;
      case WRONG -> wrong;
      case GONE -> DOWN;
    };
  }

  /** Returns it in keepalived's words. It begins down, so that its first check can be seen. */
  String text(String realAddress) {
    return """
    virtual_server 10.77.0.100 %1$d {
      delay_loop %2$d
      warmup 0
      alpha
      lvs_sched rr
      lvs_method NAT
      protocol TCP
      real_server %3$s %1$d {
        weight 1
        %4$s {
          %5$s
          retry 1
          delay_before_retry 1
        }
      }
    }
    """
        .formatted(
            port,
            INTERVAL.toSeconds() / urls,
            realAddress,
            checker.substring(0, (checker + " ").indexOf(' ')),
            settings);
  }
}

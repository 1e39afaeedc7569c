package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.keepalived.syntax.Statement;
import java.time.Duration;
import java.util.Optional;

/** How often gratuitous ARP is sent, for all instances or for one. */
final class GarpSettings {
  private static final long MOST_SECONDS = 3600;

  private Optional<Integer> repeat = Optional.empty();
  private Optional<Duration> delay = Optional.empty();
  private Optional<Duration> refresh = Optional.empty();
  private Optional<Integer> refreshRepeat = Optional.empty();
  private Optional<Integer> lowerPriorityRepeat = Optional.empty();
  private Optional<Duration> lowerPriorityDelay = Optional.empty();
  private Optional<Duration> spacing = Optional.empty();

  /**
   * Adds the handlers of the garp_ keywords.
   *
   * @param prefix what they begin with
   */
  void handle(Handlers handlers, Values values, String prefix) {
    handlers
        .on(prefix + "garp_master_repeat", s -> repeat = atLeastOne(s, values).or(() -> repeat))
        .on(prefix + "garp_master_delay", s -> delay = seconds(s, values).or(() -> delay))
        .on(
            prefix + "garp_master_refresh",
            s -> refresh = values.wholeSeconds(s, 0, 86_400).or(() -> refresh))
        .on(
            prefix + "garp_master_refresh_repeat",
            s -> refreshRepeat = atLeastOne(s, values).or(() -> refreshRepeat))
        .on(
            prefix + "garp_lower_prio_repeat",
            s -> lowerPriorityRepeat = values.number(s, 0, 100).or(() -> lowerPriorityRepeat))
        .on(
            prefix + "garp_lower_prio_delay",
            s -> lowerPriorityDelay = seconds(s, values).or(() -> lowerPriorityDelay));
  }

  private static Optional<Duration> seconds(Statement statement, Values values) {
    return values.wholeSeconds(statement, 0, MOST_SECONDS);
  }

  /** Returns the number behind a keyword, and 1 for 0, as keepalived does. */
  private static Optional<Integer> atLeastOne(Statement statement, Values values) {
    if (statement.arguments().size() == 1 && statement.arguments().getFirst().text().equals("0")) {
      values.changed(statement.position(), statement.name() + ": 0, which is taken as 1");
      return Optional.of(1);
    }
    return values.number(statement, 1, 100);
  }

  void spacing(Duration spacing) {
    this.spacing = Optional.of(spacing);
  }

  /** One announcement and no second burst: {@code vrrp_min_garp}. */
  void least() {
    repeat = repeat.or(() -> Optional.of(1));
    delay = delay.or(() -> Optional.of(Duration.ZERO));
  }

  /** Returns the announcements with these settings, those of all instances, and the defaults. */
  Announcements announcements(GarpSettings all) {
    int times = repeat.or(() -> all.repeat).orElse(5);
    var later = delay.or(() -> all.delay).orElse(Duration.ofSeconds(5));
    var announcements =
        Announcements.defaults()
            .repeat(times)
            .delay(later)
            .refresh(
                refresh.or(() -> all.refresh).orElse(Duration.ZERO),
                refreshRepeat.or(() -> all.refreshRepeat).orElse(1))
            .spacing(spacing.or(() -> all.spacing).orElse(Duration.ZERO));
    var lowerTimes = lowerPriorityRepeat.or(() -> all.lowerPriorityRepeat);
    var lowerLater = lowerPriorityDelay.or(() -> all.lowerPriorityDelay);
    int onLower = lowerTimes.orElse(times);
    var laterOnLower = lowerLater.orElse(later);
    return onLower == times && laterOnLower.equals(later)
        ? announcements
        : announcements.onLowerPriority(onLower, laterOnLower);
  }
}

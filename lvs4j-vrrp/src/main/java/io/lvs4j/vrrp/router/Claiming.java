package io.lvs4j.vrrp.router;

import io.lvs4j.vrrp.machine.Moment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When instances that couldn't claim their addresses may try again: after 1 s, 2 s, 4 s and so on
 * up to a minute, for each attempt costs the others an election, or when an interface has changed.
 */
final class Claiming {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Map<Member, Failed> failed = new LinkedHashMap<>();

  private record Failed(Optional<Moment> retryAt, Duration pause) {}

  void failed(Member member, Moment now) {
    var before = failed.get(member);
    var pause = before == null ? FIRST : before.pause.multipliedBy(2);
    if (pause.compareTo(LONGEST) > 0) {
      pause = LONGEST;
    }
    failed.put(member, new Failed(Optional.of(now.plus(pause)), pause));
  }

  void succeeded(Member member) {
    failed.remove(member);
  }

  /** Lets all of them try again without a further pause. */
  void tryAgain(Moment now) {
    failed.replaceAll((_, each) -> new Failed(each.retryAt.map(at -> at.earlier(now)), FIRST));
  }

  Optional<Moment> retryAt() {
    var earliest = Optional.<Moment>empty();
    for (var each : failed.values()) {
      earliest = Member.earlier(earliest, each.retryAt);
    }
    return earliest;
  }

  /** Returns those that may try again now, each once. */
  List<Member> due(Moment now) {
    var due =
        failed.entrySet().stream()
            .filter(entry -> entry.getValue().retryAt.filter(at -> at.hasCome(now)).isPresent())
            .map(Map.Entry::getKey)
            .toList();
    due.forEach(member ->
        failed.computeIfPresent(member, (_, each) -> new Failed(Optional.empty(), each.pause)));
    return due;
  }
}

package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.ipvsadm.IpvsadmRules;
import io.lvs4j.keepalived.model.KernelScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Configurations with something broken in them: no exception, no hang, no end of memory. {@code
 * -Dlvs4j.seed=N} chooses them, {@code -Dlvs4j.mutation.seconds=60} says how long.
 */
class MutationTest {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "\"",
          "'",
          "\\",
          "\n",
          " ",
          "#",
          "!",
          "$",
          "${",
          "$A=",
          "@main ",
          "@^",
          "~SEQ(I,1,",
          "~SEQx(",
          "~LST({a,b},{1,2})",
          "\\\n",
          "$M= \\\n",
          "include ",
          "includea *",
          ",",
          ")",
          "-",
          "0",
          "-1",
          "99999999999",
          "0x10",
          "｛",
          "｝",
          "，",
          "\0",
          "\r\n",
          "　",
          "weight",
          "fwmark",
          "virtual_server group",
          "{{{{{{{{",
          "}}}}",
          "${_RANDOM 1 2}",
          "${_ENV A}",
          "10.0.0.0/8",
          "10.0.0.1-255",
          "::/0",
          "\ud800",
          "\u00e9");

  /** Sequences may ask for a million lines, on a machine that has other things to do. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final long seed = Long.getLong("lvs4j.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String mutated(String text) {
    var mutated = new StringBuilder(text);
    for (int times = random.nextInt(1, 12); times > 0; times--) {
      int at = random.nextInt(mutated.length() + 1);
      int end = Math.min(mutated.length(), at + random.nextInt(40));
      switch (random.nextInt(5)) {
        case 0 -> mutated.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> mutated.delete(at, end);
        case 2 -> mutated.insert(at, mutated.substring(at, end).repeat(random.nextInt(1, 50)));
        case 3 -> mutated.insert(at, (char) random.nextInt(0x10000));
        default -> {
          int from = random.nextInt(mutated.length() + 1);
          int to = Math.min(mutated.length(), from + random.nextInt(200));
          mutated.insert(at, mutated.substring(from, to));
        }
      }
      if (mutated.isEmpty()) {
        mutated.append(' ');
      }
    }
    return mutated.toString();
  }

  @Test
  void brokenConfigurationsAreReadToTheEnd() {
    long end =
        System.nanoTime() + Duration.ofSeconds(Long.getLong("lvs4j.mutation.seconds", 3)).toNanos();
    int rounds = 0;
    var text = "";
    while (rounds < 50 || System.nanoTime() < end) {
      // What was broken is broken again, until it is 100 kB of it.
      boolean again = !text.isEmpty() && text.length() < 100_000 && random.nextInt(4) > 0;
      text = mutated(again ? text : base());
      var broken = text;
      long before = System.nanoTime();
      assertThatCode(
              () -> {
                var read = Read.text(broken);
                assertThat(read.diagnostics()).hasSizeLessThanOrEqualTo(Diagnostics.MOST + 1);
                Read.text(read.print().text());
                IpvsadmRules.read("rules", broken, KernelScheduler::new);
              })
          .as("seed " + seed + ", round " + rounds + ":\n" + broken)
          .doesNotThrowAnyException();
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .as("no hang; seed " + seed + ", round " + rounds + ":\n" + broken)
          .isLessThan(LONGEST);
      rounds++;
    }
    System.out.println(rounds + " broken configurations read, seed " + seed);
  }

  private String base() {
    var printed = Configurations.random(random).print().text();
    return random.nextBoolean()
        ? printed
        : "$A=1\n$M= \\\n" + printed.replace("\n", " \\\n") + "\n~SEQ(I,1,3) $M\n" + printed;
  }
}

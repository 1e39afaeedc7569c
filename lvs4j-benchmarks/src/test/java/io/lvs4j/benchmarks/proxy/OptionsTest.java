package io.lvs4j.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final Path TARGET = Path.of("target");

  private static Optional<Options> parse(String... arguments) {
    return Options.parse(List.of(arguments), TARGET);
  }

  @Test
  void everythingHasADefault() {
    assertThat(parse())
        .contains(
            new Options(
                5,
                Duration.ofSeconds(4),
                Duration.ofSeconds(25),
                10_000,
                List.of("lvs4j", "haproxy", "nginx"),
                List.of(),
                TARGET.resolve("proxy-benchmark.json")));
  }

  @Test
  void everythingCanBeSet() {
    assertThat(
            parse(
                "--rounds",
                "3",
                "--seconds",
                "2",
                "--warm-up",
                "9",
                "--idle",
                "0",
                "--peers",
                "nginx,lvs4j",
                "--jvm",
                "-Xmx64m -XX:+UseSerialGC",
                "--json",
                "a.json"))
        .contains(
            new Options(
                3,
                Duration.ofSeconds(2),
                Duration.ofSeconds(9),
                0,
                List.of("nginx", "lvs4j"),
                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                Path.of("a.json")));
  }

  @Test
  void helpIsAnsweredByNoOptionsAtAll() {
    assertThat(parse("--rounds", "3", "--help")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 0, 1 or more",
    "--rounds, many, a whole number",
    "--seconds, 1, 2 or more",
    "--peers, envoy, haproxy",
    "--speed, 9, a known option",
    "--json, , nothing"
  })
  void whatCannotBeUnderstoodIsNamed(String option, String value, String words) {
    var arguments = value == null ? new String[] {option} : new String[] {option, value};
    assertThatThrownBy(() -> parse(arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option)
        .hasMessageContaining(words);
  }
}

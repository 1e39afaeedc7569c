package io.lvs4j.benchmarks.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments)).orElseThrow();
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    assertThat(parse()).isEqualTo(new Options(List.of(1000, 10_000), Duration.ofSeconds(30), true));
    assertThat(Options.parse(List.of("--help"))).isEmpty();
  }

  @Test
  void allMayBeSetAndIsPassedOn() {
    var options = parse("--servers", "5,60000", "--seconds", "7", "--where", "host");
    assertThat(options).isEqualTo(new Options(List.of(5, 60_000), Duration.ofSeconds(7), false));
    assertThat(Options.parse(options.arguments())).contains(options);
  }

  @Test
  void badOnesAreRefused() {
    assertThatThrownBy(() -> parse("--servers", "60001"))
        .hasMessage("--servers: 60001 (expected: 1-60000)");
    assertThatThrownBy(() -> parse("--servers", "1,")).hasMessageContaining("--servers: ");
    assertThatThrownBy(() -> parse("--seconds")).hasMessage("--seconds: none (expected: 1-3600)");
    assertThatThrownBy(() -> parse("--where", "there"))
        .hasMessage("--where: there (expected: guest or host)");
    assertThatThrownBy(() -> parse("-x", "1")).hasMessageContaining("option: -x");
  }

  @Test
  void eachRealServerHasAnAddressOfItsOwn() {
    assertThat(java.util.stream.IntStream.range(0, 60_000).mapToObj(Farm::server))
        .doesNotHaveDuplicates()
        .allMatch(server -> server.address().isLoopbackAddress());
  }
}

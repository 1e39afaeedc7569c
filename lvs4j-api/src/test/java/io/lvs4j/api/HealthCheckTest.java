package io.lvs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of checkers: what is right, what is wrong and what is said then. */
class HealthCheckTest {
  private static final HealthCheck TCP = HealthCheck.tcp();
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);
  private static final Duration TOO_LONG = Duration.ofHours(1).plusMillis(1);

  static Stream<Arguments> wrong() {
    var tcp = "health check TCP_CHECK: ";
    var http = "health check HTTP_GET: ";
    var path = " (expected: a path that begins with / and has no blanks, percent-encoded)";
    var host = " (expected: a host name, with or without a port)";
    return Stream.of(
        arguments(TCP.every(Duration.ZERO), tcp + "delay loop: 0s (expected: 10ms to 1h)"),
        arguments(
            TCP.every(Duration.ofNanos(9_999_999)),
            tcp + "delay loop: 0.009999999s (expected: 10ms to 1h)"),
        arguments(TCP.every(TOO_LONG), tcp + "delay loop: 1h0.001s (expected: 10ms to 1h)"),
        arguments(
            TCP.connectTimeout(Duration.ZERO), tcp + "connect timeout: 0s (expected: 1ms to 1h)"),
        arguments(
            TCP.connectTimeout(TOO_LONG), tcp + "connect timeout: 1h0.001s (expected: 1ms to 1h)"),
        arguments(TCP.retries(-1), tcp + "retries: -1 (expected: 0-1000)"),
        arguments(TCP.retries(1001), tcp + "retries: 1001 (expected: 0-1000)"),
        arguments(
            TCP.delayBeforeRetry(NEGATIVE), tcp + "delay before retry: -1s (expected: 0s to 1h)"),
        arguments(
            TCP.delayBeforeRetry(TOO_LONG),
            tcp + "delay before retry: 1h0.001s (expected: 0s to 1h)"),
        arguments(TCP.warmUp(NEGATIVE), tcp + "warm-up: -1s (expected: 0s to 1h)"),
        arguments(TCP.warmUp(TOO_LONG), tcp + "warm-up: 1h0.001s (expected: 0s to 1h)"),
        arguments(TCP.port(0), tcp + "port: 0 (expected: 1-65535)"),
        arguments(TCP.port(-1), tcp + "port: -1 (expected: 1-65535)"),
        arguments(TCP.port(65_536), tcp + "port: 65536 (expected: 1-65535)"),
        arguments(HealthCheck.http(""), http + "path: " + path),
        arguments(HealthCheck.http("health"), http + "path: health" + path),
        arguments(HealthCheck.http("/a b"), http + "path: /a b" + path),
        arguments(HealthCheck.http("/a\r\nX: y"), http + "path: /a\r\nX: y" + path),
        arguments(HealthCheck.http("/h\u00e4"), http + "path: /h\u00e4" + path),
        arguments(of(HttpGet.of("/").virtualHost("")), http + "virtual host: " + host),
        arguments(of(HttpGet.of("/").virtualHost("a b")), http + "virtual host: a b" + host),
        arguments(of(HttpGet.of("/").virtualHost("a\nb")), http + "virtual host: a\nb" + host),
        arguments(
            of(HttpGet.of("/").expectStatusBetween(300, 299)),
            http + "status: none (expected: at least one status code)"),
        arguments(
            of(HttpGet.of("/").expectStatus(200, 99)), http + "status: 99 (expected: 100-599)"),
        arguments(of(HttpGet.of("/").expectStatus(600)), http + "status: 600 (expected: 100-599)"),
        arguments(
            of(HttpGet.of("/").expectStatusBetween(200, Integer.MAX_VALUE)),
            http + "status: 2147483647 (expected: 100-599)"),
        arguments(
            of(HttpGet.of("/").expectStatusBetween(0, 299)),
            http + "status: 0 (expected: 100-599)"));
  }

  private static HealthCheck of(HttpGet get) {
    return HealthCheck.of(get);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrong")
  void aWrongSettingIsToldByItsNameItsValueAndWhatIsRight(HealthCheck check, String problem) {
    assertThat(check.problems()).extracting(Problem::toString).containsExactly(problem);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    var check =
        of(HttpGet.of("x").virtualHost(" ").expectStatusBetween(-1, 1000))
            .every(NEGATIVE)
            .connectTimeout(NEGATIVE)
            .retries(-1)
            .delayBeforeRetry(NEGATIVE)
            .warmUp(NEGATIVE)
            .port(0);
    assertThat(check.problems())
        .extracting(Problem::subject)
        .extracting(subject -> subject.replace("health check HTTP_GET: ", ""))
        .containsExactly(
            "delay loop",
            "connect timeout",
            "retries",
            "delay before retry",
            "warm-up",
            "port",
            "path",
            "virtual host",
            "status",
            "status");
  }

  @Test
  void theLimitsThemselvesAreRight() {
    var hour = Duration.ofHours(1);
    var least =
        TCP.every(Duration.ofMillis(10))
            .connectTimeout(Duration.ofMillis(1))
            .retries(0)
            .delayBeforeRetry(Duration.ZERO)
            .warmUp(Duration.ZERO)
            .port(1);
    var most =
        of(HttpGet.of("/!~?a=%20").virtualHost("[::1]:80").expectStatusBetween(100, 599))
            .every(hour)
            .connectTimeout(hour)
            .retries(1000)
            .delayBeforeRetry(hour)
            .warmUp(hour)
            .port(65_535);
    assertThat(least.problems()).isEmpty();
    assertThat(most.problems()).isEmpty();
    assertThat(TCP.problems()).isEmpty();
    assertThat(HealthCheck.http("/").problems()).isEmpty();
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    assertThat(TCP.delayLoop()).isEqualTo(Duration.ofSeconds(5));
    assertThat(TCP.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(TCP.retries()).isEqualTo(1);
    assertThat(TCP.delayBeforeRetry()).isEqualTo(Duration.ofSeconds(1));
    assertThat(TCP.warmUp()).isEqualTo(Duration.ofSeconds(1));
    assertThat(TCP.isAlpha()).isFalse();
    assertThat(TCP.port()).isEmpty();
    assertThat(HttpUrl.of("/").statuses())
        .isEqualTo(IntStream.rangeClosed(200, 299).boxed().toList());
  }

  @Test
  void eachSetterChangesOneSettingOfACopy() {
    List<HealthCheck> changed =
        List.of(
            TCP.every(Duration.ofSeconds(7)),
            TCP.connectTimeout(Duration.ofSeconds(7)),
            TCP.retries(7),
            TCP.delayBeforeRetry(Duration.ofSeconds(7)),
            TCP.warmUp(Duration.ofSeconds(7)),
            TCP.alpha(),
            TCP.port(7),
            HealthCheck.http("/"));
    assertThat(changed).doesNotHaveDuplicates().doesNotContain(TCP);
    assertThat(TCP).isEqualTo(HealthCheck.tcp()).hasSameHashCodeAs(HealthCheck.tcp());
    var all =
        TCP.every(Duration.ofSeconds(1))
            .connectTimeout(Duration.ofSeconds(2))
            .retries(3)
            .delayBeforeRetry(Duration.ofSeconds(4))
            .warmUp(Duration.ofSeconds(5))
            .alpha()
            .port(6);
    assertThat(all.delayLoop()).isEqualTo(Duration.ofSeconds(1));
    assertThat(all.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(all.retries()).isEqualTo(3);
    assertThat(all.delayBeforeRetry()).isEqualTo(Duration.ofSeconds(4));
    assertThat(all.warmUp()).isEqualTo(Duration.ofSeconds(5));
    assertThat(all.isAlpha()).isTrue();
    assertThat(all.port()).hasValue(6);
    assertThat(all).isNotEqualTo(all.port(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/other"})
  void httpProbesAreEqualByPathHostAndStatuses(String path) {
    var get = HttpGet.of("/").virtualHost("a").expectStatus(200, 204);
    assertThat(get)
        .isEqualTo(HttpGet.of("/").expectStatus(200, 204).virtualHost("a"))
        .isNotEqualTo(HttpGet.of(path).virtualHost("b").expectStatus(200, 204))
        .isNotEqualTo(HttpGet.of(path).virtualHost("a").expectStatus(200))
        .isNotEqualTo(HttpGet.of("/other").virtualHost("a").expectStatus(200, 204));
  }

  @Test
  void aCheckIsNamedByItsProbeAndItsPeriod() {
    assertThat(HealthCheck.http("/health").every(Duration.ofMillis(1500)))
        .hasToString("HTTP_GET /health every 1.5s");
    assertThat(TCP.probe().name()).isEqualTo("TCP_CHECK");
  }

  @Test
  void checksWithTheSameBlockingProbeAreEqualSoThatAReloadKeepsThem() {
    HealthProbe.Blocking probe = (_, _) -> HealthReport.up("");
    assertThat(HealthCheck.blocking("a", probe)).isEqualTo(HealthCheck.blocking("a", probe));
    assertThat(HealthCheck.blocking("a", probe))
        .isNotEqualTo(HealthCheck.blocking("a", (_, _) -> HealthReport.up("")));
  }
}

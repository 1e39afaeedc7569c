package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.HealthCheck;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** The settings of checks that a virtual server hands on to real servers, and these to checkers. */
final class Check {
  private static final long GREATEST_MARK = 0xffff_ffffL;

  private Optional<Duration> delayLoop = Optional.empty();
  private Optional<Duration> connectTimeout = Optional.empty();
  private Optional<Duration> delayBeforeRetry = Optional.empty();
  private Optional<Duration> warmUp = Optional.empty();
  private Optional<Integer> retry = Optional.empty();
  private Optional<Boolean> alpha = Optional.empty();
  private Optional<Boolean> allFailuresLogged = Optional.empty();
  private Optional<String> virtualHost = Optional.empty();
  private Optional<InetAddress> address = Optional.empty();
  private Optional<Integer> port = Optional.empty();
  private Optional<InetAddress> bindAddress = Optional.empty();
  private Optional<Integer> bindPort = Optional.empty();
  private Optional<String> bindInterface = Optional.empty();
  private Optional<Long> mark = Optional.empty();

  /**
   * What holds for a kind of checker unless something else is said anywhere.
   *
   * @param retry how many failures are forgiven
   * @param delayBeforeRetry the time to the next attempt; empty: as long as between two checks
   */
  record Defaults(int retry, Optional<Duration> delayBeforeRetry) {
    static final Defaults USUAL = new Defaults(1, Optional.of(Duration.ofSeconds(1)));
    static final Defaults HTTP = new Defaults(1, Optional.of(Duration.ofSeconds(3)));
    static final Defaults DNS = new Defaults(3, Optional.empty());
    static final Defaults PROGRAM = new Defaults(0, Optional.of(Duration.ofSeconds(1)));
  }

  /** Adds the handlers of the keywords that every level has. */
  void handle(Handlers handlers, Values values) {
    handlePace(handlers, values);
    handleTimeout(handlers, values);
  }

  /** Adds the handler of how long a connect may take. */
  void handleTimeout(Handlers handlers, Values values) {
    handlers.on(
        "connect_timeout",
        s ->
            values
                .seconds(s, Duration.ofNanos(1000), Duration.ofSeconds(4294))
                .ifPresent(value -> connectTimeout = Optional.of(value)));
  }

  /** Adds the handlers of the keywords that checkers have that connect to nothing too. */
  void handlePace(Handlers handlers, Values values) {
    var least = Duration.ofNanos(1000);
    handlers
        .on(
            "delay_loop",
            s ->
                values
                    .seconds(s, least, Duration.ofDays(365))
                    .ifPresent(value -> delayLoop = Optional.of(value)))
        .on(
            "delay_before_retry",
            s ->
                values
                    .seconds(s, Duration.ZERO, Duration.ofSeconds(4294))
                    .ifPresent(value -> delayBeforeRetry = Optional.of(value)))
        .on(
            "warmup",
            s ->
                values
                    .seconds(s, Duration.ZERO, Duration.ofSeconds(4294))
                    .ifPresent(value -> warmUp = Optional.of(value)))
        .on("retry", s -> values.number(s, 0, 1000).ifPresent(value -> retry = Optional.of(value)))
        .on("alpha", s -> values.flag(s).ifPresent(value -> alpha = Optional.of(value)));
  }

  /** Adds the handler of the keyword that only checkers have. */
  void handleFailures(Handlers handlers, Values values) {
    handlers.on(
        "log_all_failures",
        s -> values.flag(s).ifPresent(value -> allFailuresLogged = Optional.of(value)));
  }

  /** Adds the handlers of where a checker connects to and where from. */
  void handleRoute(Handlers handlers, Values values) {
    handlers
        .on("connect_ip", s -> address = values.address(s).or(() -> address))
        .on("connect_port", s -> port = values.number(s, 1, 65_535).or(() -> port))
        .on("bindto", s -> bindAddress = values.address(s).or(() -> bindAddress))
        .on("bind_port", s -> bindPort = values.number(s, 1, 65_535).or(() -> bindPort))
        .on(
            "bind_if",
            s ->
                values
                    .word(s, "an interface")
                    .ifPresent(w -> bindInterface = Optional.of(w.text())))
        .on(
            "fwmark",
            s ->
                values
                    .number(s, 1, GREATEST_MARK)
                    .ifPresent(n -> mark = Optional.of(Integer.toUnsignedLong(n))));
  }

  /** Adds the handler of {@code virtualhost}. */
  void handleVirtualHost(Handlers handlers, Values values) {
    handlers.on(
        "virtualhost",
        s ->
            values
                .word(s, "a host name")
                .ifPresent(word -> virtualHost = Optional.of(word.text())));
  }

  Optional<String> virtualHost() {
    return virtualHost;
  }

  /** Returns the settings with those of a wider block where these have none. */
  Check within(Check outer) {
    var merged = new Check();
    merged.delayLoop = delayLoop.or(() -> outer.delayLoop);
    merged.connectTimeout = connectTimeout.or(() -> outer.connectTimeout);
    merged.delayBeforeRetry = delayBeforeRetry.or(() -> outer.delayBeforeRetry);
    merged.warmUp = warmUp.or(() -> outer.warmUp);
    merged.retry = retry.or(() -> outer.retry);
    merged.alpha = alpha.or(() -> outer.alpha);
    merged.allFailuresLogged = allFailuresLogged.or(() -> outer.allFailuresLogged);
    merged.virtualHost = virtualHost.or(() -> outer.virtualHost);
    merged.address = address.or(() -> outer.address);
    merged.port = port.or(() -> outer.port);
    merged.bindAddress = bindAddress.or(() -> outer.bindAddress);
    merged.bindPort = bindPort.or(() -> outer.bindPort);
    merged.bindInterface = bindInterface.or(() -> outer.bindInterface);
    merged.mark = mark.or(() -> outer.mark);
    return merged;
  }

  /** Returns the time between two checks. */
  Duration loop() {
    return delayLoop.orElse(Duration.ofSeconds(60));
  }

  /** Returns the check with these settings, and keepalived's defaults for the rest. */
  HealthCheck applyTo(HealthCheck check, Defaults defaults, boolean failuresLogged) {
    var applied =
        check
            .every(loop())
            .connectTimeout(connectTimeout.orElse(Duration.ofSeconds(5)))
            .retries(retry.orElse(defaults.retry))
            .delayBeforeRetry(delayBeforeRetry.or(defaults::delayBeforeRetry).orElseGet(this::loop))
            .warmUp(warmUp.orElseGet(this::loop));
    if (alpha.orElse(false)) {
      applied = applied.alpha();
    }
    if (allFailuresLogged.orElse(failuresLogged)) {
      applied = applied.logAllFailures();
    }
    return onItsRoute(applied);
  }

  private HealthCheck onItsRoute(HealthCheck check) {
    var routed = check;
    if (address.isPresent()) {
      routed = routed.address(address.get());
    }
    if (port.isPresent()) {
      routed = routed.port(port.get());
    }
    if (bindAddress.isPresent()) {
      routed = routed.bindAddress(bindAddress.get());
    }
    if (bindPort.isPresent()) {
      routed = routed.bindPort(bindPort.get());
    }
    if (bindInterface.isPresent()) {
      routed = routed.bindInterface(bindInterface.get());
    }
    return mark.isPresent() ? routed.firewallMark(mark.get()) : routed;
  }
}

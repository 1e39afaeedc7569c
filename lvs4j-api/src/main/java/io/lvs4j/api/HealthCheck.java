package io.lvs4j.api;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A checker of real servers: a {@link Probe}, when to make it and from where. The words and the
 * meaning are keepalived's: a server that answers is up at once; it is down after {@link
 * #retries()} + 1 failures in a row; its very first check has no retry; while it is down there are
 * no retries either. A real server is up when all of its checkers say so.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the virtual server is
 * built.
 */
public final class HealthCheck {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Probe probe;
  private final CheckTimes times;
  private final CheckRoute route;
  private final boolean alpha;
  private final boolean logAllFailures;

  private HealthCheck(
      Probe probe, CheckTimes times, CheckRoute route, boolean alpha, boolean logAllFailures) {
    this.probe = Objects.requireNonNull(probe, "probe");
    this.times = times;
    this.route = route;
    this.alpha = alpha;
    this.logAllFailures = logAllFailures;
  }

  /**
   * Returns a check with this probe: every 5 s, connect timeout 5 s, 1 retry after 1 s, first
   * checks spread over 1 s, servers up until found otherwise.
   */
  public static HealthCheck of(Probe probe) {
    return new HealthCheck(probe, CheckTimes.DEFAULT, CheckRoute.DEFAULT, false, false);
  }

  /**
   * Returns a check with a probe of the application's own.
   *
   * @param name what messages call it
   */
  public static HealthCheck of(String name, HealthProbe probe) {
    return of(new NamedProbe(name, probe));
  }

  /**
   * Returns a check with a probe of the application's own that blocks.
   *
   * <pre>{@code
   * HealthCheck.blocking("orders", (server, timeout) ->
   *     client.ping(server.toSocketAddress(), timeout)
   *         ? HealthReport.up("pong")
   *         : HealthReport.down("no pong"));
   * }</pre>
   *
   * @param name what messages call it
   * @param probe is called on a thread of its own, and interrupted when its time is over
   */
  public static HealthCheck blocking(String name, HealthProbe.Blocking probe) {
    return of(NamedProbe.blocking(name, probe));
  }

  /** Returns a check that connects by TCP. */
  public static HealthCheck tcp() {
    return of(new TcpConnect());
  }

  /** Returns a check that asks for a path by HTTP and expects a status from 200 to 299. */
  public static HealthCheck http(String path) {
    return of(HttpGet.of(path));
  }

  /**
   * Returns a check that asks for a path by HTTP over TLS and expects a certificate that the JVM
   * trusts and a status from 200 to 299.
   *
   * @param serverName the name that the certificate has to be for; also sent as SNI and {@code
   *     Host}
   */
  public static HealthCheck https(String serverName, String path) {
    return of(HttpGet.of(path).virtualHost(serverName).tls(Tls.verified().serverName(serverName)));
  }

  /**
   * Returns a check by which the real server tells its own state and weight: HAProxy's agent-check,
   * see {@link AgentCheck}. What the agent says holds at once: there are no retries.
   *
   * @param port the agent's port on the real server, 1 to 65535
   */
  public static HealthCheck agent(int port) {
    return of(AgentCheck.of()).port(port).retries(0);
  }

  /**
   * Returns a check by the gRPC health checking protocol, without TLS.
   *
   * @param service which of the server's services is asked for; empty for the server as a whole
   */
  public static HealthCheck grpc(String service) {
    return of(GrpcHealth.of(service));
  }

  /** Returns the same with another {@code delay_loop}: the time between checks, 10 ms to 1 h. */
  public HealthCheck every(Duration delayLoop) {
    return with(times.with(draft -> draft.delayLoop = delayLoop));
  }

  /**
   * Returns the same with another {@code connect_timeout}, which bounds every read too: 1 ms to 1
   * h.
   */
  public HealthCheck connectTimeout(Duration connectTimeout) {
    return with(times.with(draft -> draft.connectTimeout = connectTimeout));
  }

  /** Returns the same with another number of failures that are forgiven in a row: 0 to 1000. */
  public HealthCheck retries(int retries) {
    return with(times.with(draft -> draft.retries = retries));
  }

  /**
   * Returns the same taking a server down after so many failures in a row, 1 to 1001: another way
   * to say {@link #retries}, one less.
   */
  public HealthCheck fall(int failures) {
    return retries(failures - 1);
  }

  /**
   * Returns the same taking a server that is down up after so many successes in a row: 1 to 1000.
   * keepalived's checkers know 1 only, which is what holds if it is not set.
   */
  public HealthCheck rise(int successes) {
    return with(times.with(draft -> draft.rise = successes));
  }

  /** Returns the same with another {@code delay_before_retry}: 0 to 1 h. */
  public HealthCheck delayBeforeRetry(Duration delayBeforeRetry) {
    return with(times.with(draft -> draft.delayBeforeRetry = delayBeforeRetry));
  }

  /** Returns the same with first checks spread at random over another warm-up: 0 to 1 h. */
  public HealthCheck warmUp(Duration warmUp) {
    return with(times.with(draft -> draft.warmUp = warmUp));
  }

  /** Returns the same in alpha mode: a server is down until its first good check. */
  public HealthCheck alpha() {
    return new HealthCheck(probe, times, route, true, logAllFailures);
  }

  /** Returns the same without alpha mode: a server is up until it is found down. */
  public HealthCheck withoutAlpha() {
    return new HealthCheck(probe, times, route, false, logAllFailures);
  }

  /**
   * Returns the same logging every failure as WARNING, forgiven ones and those of a server that is
   * down too ({@code log_all_failures}).
   */
  public HealthCheck logAllFailures() {
    return new HealthCheck(probe, times, route, alpha, true);
  }

  /**
   * Returns the same aimed at another port of the real server ({@code connect_port}), 1 to 65535.
   */
  public HealthCheck port(int port) {
    return with(route.with(draft -> draft.port = OptionalInt.of(port)));
  }

  /** Returns the same aimed at another address than the real server's ({@code connect_ip}). */
  public HealthCheck address(InetAddress address) {
    return with(route.with(draft -> draft.address = Optional.of(address)));
  }

  /** Returns the same sent from this address of the host ({@code bindto}). */
  public HealthCheck bindAddress(InetAddress address) {
    return with(route.with(draft -> draft.bindAddress = Optional.of(address)));
  }

  /** Returns the same sent from this port, 1 to 65535 ({@code bind_port}). */
  public HealthCheck bindPort(int port) {
    return with(route.with(draft -> draft.bindPort = OptionalInt.of(port)));
  }

  /**
   * Returns the same sent through this network interface whatever the routes say ({@code bind_if}).
   * Linux only, on netty's epoll transport.
   */
  public HealthCheck bindInterface(String name) {
    return with(route.with(draft -> draft.bindInterface = Optional.of(name)));
  }

  /**
   * Returns the same whose packets carry this mark of the firewall, 1 to 4294967295 ({@code
   * fwmark}). Linux only, on netty's epoll transport; needs CAP_NET_ADMIN.
   */
  public HealthCheck firewallMark(long mark) {
    return with(route.with(draft -> draft.firewallMark = OptionalLong.of(mark)));
  }

  /**
   * Returns the same that begins each connection with a PROXY header, before TLS too: for servers
   * that want one from everybody (HAProxy's {@code check-send-proxy}). Version 1 names the
   * addresses of the check's own connection, version 2 says LOCAL. Checks over TCP only.
   *
   * @param version {@link ClientAddress#PROXY_PROTOCOL_V1} or {@link
   *     ClientAddress#PROXY_PROTOCOL_V2}
   */
  public HealthCheck proxyProtocol(ClientAddress version) {
    return with(route.with(draft -> draft.proxyProtocol = Optional.of(version)));
  }

  private HealthCheck with(CheckTimes times) {
    return new HealthCheck(probe, times, route, alpha, logAllFailures);
  }

  private HealthCheck with(CheckRoute route) {
    return new HealthCheck(probe, times, route, alpha, logAllFailures);
  }

  /** Returns what one attempt does. */
  public Probe probe() {
    return probe;
  }

  /** Returns the time from one check to the next. */
  public Duration delayLoop() {
    return times.delayLoop();
  }

  /** Returns how long a connect or a read may take. */
  public Duration connectTimeout() {
    return times.connectTimeout();
  }

  /** Returns how many failures in a row are forgiven. */
  public int retries() {
    return times.retries();
  }

  /** Returns how many successes in a row take a server up that is down. */
  public int rise() {
    return times.rise();
  }

  /** Returns the time from a forgiven failure to the next attempt. */
  public Duration delayBeforeRetry() {
    return times.delayBeforeRetry();
  }

  /** Returns the span over which the first checks are spread. */
  public Duration warmUp() {
    return times.warmUp();
  }

  /** Says whether a server is down until its first good check. */
  public boolean isAlpha() {
    return alpha;
  }

  /** Says whether every failure is logged as WARNING. */
  public boolean isLoggingAllFailures() {
    return logAllFailures;
  }

  /** Returns the port to check when it is not the real server's own. */
  public OptionalInt port() {
    return route.port();
  }

  /** Returns the address to check when it is not the real server's own. */
  public Optional<InetAddress> address() {
    return route.address();
  }

  /** Returns the address to send from, if one was given. */
  public Optional<InetAddress> bindAddress() {
    return route.bindAddress();
  }

  /** Returns the port to send from, if one was given. */
  public OptionalInt bindPort() {
    return route.bindPort();
  }

  /** Returns the network interface to send through, if one was given. */
  public Optional<String> bindInterface() {
    return route.bindInterface();
  }

  /** Returns the mark of the packets sent, if one was given. */
  public OptionalLong firewallMark() {
    return route.firewallMark();
  }

  /** Returns which PROXY header begins each connection, if one does. */
  public Optional<ClientAddress> proxyProtocol() {
    return route.proxyProtocol();
  }

  /** Returns where this check goes for a real server. */
  public Endpoint endpointOf(Endpoint realServer) {
    return new Endpoint(address().orElse(realServer.address()), port().orElse(realServer.port()));
  }

  /** Returns what is wrong with the settings, the probe's too; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    var most = LONGEST;
    Ranges.duration(problems, "delay loop", delayLoop(), Duration.ofMillis(10), most);
    Ranges.duration(problems, "connect timeout", connectTimeout(), Duration.ofMillis(1), most);
    Ranges.number(problems, "retries", retries(), 0, 1000);
    Ranges.number(problems, "rise", rise(), 1, 1000);
    Ranges.duration(problems, "delay before retry", delayBeforeRetry(), Duration.ZERO, most);
    Ranges.duration(problems, "warm-up", warmUp(), Duration.ZERO, most);
    problems.addAll(route.problems());
    if (proxyProtocol().isPresent() && !isOverTcp()) {
      problems.add(new Problem("PROXY header", probe.name(), "a check over TCP"));
    }
    problems.addAll(probe.problems());
    return problems.stream()
        .map(problem -> problem.within("health check " + probe.name()))
        .toList();
  }

  private boolean isOverTcp() {
    return switch (probe) {
      case TcpConnect _, HttpGet _, SmtpHello _, AgentCheck _, GrpcHealth _ -> true;
      case UdpExchange _, DnsQuery _, ProcessRun _, IcmpEcho _, FileValue _, NamedProbe _ -> false;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HealthCheck that
        && probe.equals(that.probe)
        && times.equals(that.times)
        && route.equals(that.route)
        && alpha == that.alpha
        && logAllFailures == that.logAllFailures;
  }

  @Override
  public int hashCode() {
    return Objects.hash(probe, times, route, alpha, logAllFailures);
  }

  @Override
  public String toString() {
    return probe + " every " + Ranges.text(delayLoop());
  }
}

package io.lvs4j.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the servers among which a virtual server spreads its connections.
 *
 * <p>Immutable; each setter returns a changed copy. Values are checked when the virtual server is
 * built or when the real server is added to a running director.
 */
public final class RealServer {
  private static final int MOST = Integer.MAX_VALUE;

  private final HostLookup host;
  private final int weight;
  private final int upperThreshold;
  private final int lowerThreshold;
  private final boolean inhibitOnFailure;
  private final List<HealthCheck> healthChecks;
  private final Optional<ClientAddress> clientAddress;
  private final Optional<ForwardingMethod> forwarding;
  private final Optional<Tunnel> tunnel;

  private RealServer(Draft draft) {
    this.host = draft.host;
    this.weight = draft.weight;
    this.upperThreshold = draft.upperThreshold;
    this.lowerThreshold = draft.lowerThreshold;
    this.inhibitOnFailure = draft.inhibitOnFailure;
    this.healthChecks = List.copyOf(draft.healthChecks);
    this.clientAddress = Optional.ofNullable(draft.clientAddress);
    this.forwarding = Optional.ofNullable(draft.forwarding);
    this.tunnel = Optional.ofNullable(draft.tunnel);
  }

  /**
   * Returns a real server of weight 1 without thresholds. A host name is resolved here, once, and
   * may take as long as a DNS lookup does.
   *
   * @param host an IP address or a name
   * @param port 1 to 65535; in a virtual server of a firewall mark or of all ports also 0, the port
   *     that the client asked for
   */
  public static RealServer of(String host, int port) {
    return new RealServer(new Draft(new HostLookup(host, port)));
  }

  /** Returns a real server of weight 1 without thresholds. */
  public static RealServer of(Endpoint endpoint) {
    return of(Endpoint.literal(endpoint.address()), endpoint.port());
  }

  /** Returns the same with another weight: 0 (quiesced: no new connections) to 2147483647. */
  public RealServer weight(int weight) {
    return with(draft -> draft.weight = weight);
  }

  /**
   * Returns the same with connection thresholds: at {@code upper} connections the server gets no
   * more until there are fewer than {@code lower} ({@code ipvsadm -x, -y}).
   *
   * @param upper 0 (none) or more
   * @param lower 0 (three quarters of upper) to {@code upper}
   */
  public RealServer thresholds(int upper, int lower) {
    return with(draft -> {
      draft.upperThreshold = upper;
      draft.lowerThreshold = lower;
    });
  }

  /** Returns the same, kept with weight 0 rather than removed while it is down. */
  public RealServer inhibitOnFailure() {
    return with(draft -> draft.inhibitOnFailure = true);
  }

  /** Returns the same with one more checker of its own, in place of the virtual server's. */
  public RealServer healthCheck(HealthCheck check) {
    Objects.requireNonNull(check, "check");
    return with(draft -> draft.healthChecks.add(check));
  }

  /** Returns the same, told of clients in another way than the virtual server says. */
  public RealServer clientAddress(ClientAddress clientAddress) {
    Objects.requireNonNull(clientAddress, "clientAddress");
    return with(draft -> draft.clientAddress = clientAddress);
  }

  /** Returns the same, reached in another way than the virtual server says. */
  public RealServer forwarding(ForwardingMethod forwarding) {
    Objects.requireNonNull(forwarding, "forwarding");
    return with(draft -> draft.forwarding = forwarding);
  }

  /**
   * Returns the same, reached through this kind of tunnel where it is reached by {@link
   * ForwardingMethod#TUNNEL}; by IP in IP if not set.
   */
  public RealServer tunnel(Tunnel tunnel) {
    Objects.requireNonNull(tunnel, "tunnel");
    return with(draft -> draft.tunnel = tunnel);
  }

  private RealServer with(Consumer<Draft> change) {
    var draft = new Draft(host);
    draft.weight = weight;
    draft.upperThreshold = upperThreshold;
    draft.lowerThreshold = lowerThreshold;
    draft.inhibitOnFailure = inhibitOnFailure;
    draft.healthChecks.addAll(healthChecks);
    draft.clientAddress = clientAddress.orElse(null);
    draft.forwarding = forwarding.orElse(null);
    draft.tunnel = tunnel.orElse(null);
    change.accept(draft);
    return new RealServer(draft);
  }

  /**
   * Returns the address and port.
   *
   * @throws InvalidConfigurationException when host or port were never right
   */
  public Endpoint endpoint() {
    return host.endpoint();
  }

  /** Returns address and port as text, right or wrong. */
  String address() {
    return host.toString();
  }

  /** Returns the weight. */
  public int weight() {
    return weight;
  }

  /** Returns the number of connections at which the server gets no more; 0 means there is none. */
  public int upperThreshold() {
    return upperThreshold;
  }

  /** Returns the number below which an overloaded server gets connections again; 0: by default. */
  public int lowerThreshold() {
    return lowerThreshold;
  }

  /** Says whether the server stays, with weight 0, while it is down. */
  public boolean isInhibitedOnFailure() {
    return inhibitOnFailure;
  }

  /** Returns the server's own checkers; empty means that the virtual server's apply. */
  public List<HealthCheck> healthChecks() {
    return healthChecks;
  }

  /** Returns how this server learns of clients, when it is not as the virtual server says. */
  public Optional<ClientAddress> clientAddress() {
    return clientAddress;
  }

  /** Returns how this server is reached, when it is not as the virtual server says. */
  public Optional<ForwardingMethod> forwarding() {
    return forwarding;
  }

  /** Returns the kind of tunnel, when one was set. */
  public Optional<Tunnel> tunnel() {
    return tunnel;
  }

  /** Returns what is wrong with the settings; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<>(host.problems());
    Ranges.number(problems, "weight", weight, 0, MOST);
    Ranges.number(problems, "upper threshold", upperThreshold, 0, MOST);
    if (upperThreshold >= 0 && (lowerThreshold < 0 || lowerThreshold > upperThreshold)) {
      problems.add(
          new Problem(
              "lower threshold",
              Integer.toString(lowerThreshold),
              "0-" + upperThreshold + ", not above the upper threshold"));
    }
    tunnel.ifPresent(kind -> problems.addAll(kind.problems()));
    healthChecks.forEach(check -> problems.addAll(check.problems()));
    return problems.stream().map(problem -> problem.within("real server " + host)).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RealServer that
        && host.toString().equals(that.host.toString())
        && weight == that.weight
        && upperThreshold == that.upperThreshold
        && lowerThreshold == that.lowerThreshold
        && inhibitOnFailure == that.inhibitOnFailure
        && healthChecks.equals(that.healthChecks)
        && clientAddress.equals(that.clientAddress)
        && forwarding.equals(that.forwarding)
        && tunnel.equals(that.tunnel);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host.toString(), weight, upperThreshold, lowerThreshold);
  }

  @Override
  public String toString() {
    return host + " weight " + weight;
  }

  /** The settings of a real server while they are being changed. */
  private static final class Draft {
    private final HostLookup host;
    private int weight = 1;
    private int upperThreshold;
    private int lowerThreshold;
    private boolean inhibitOnFailure;
    private final List<HealthCheck> healthChecks = new ArrayList<>();
    private @Nullable ClientAddress clientAddress;
    private @Nullable ForwardingMethod forwarding;
    private @Nullable Tunnel tunnel;

    private Draft(HostLookup host) {
      this.host = host;
    }
  }
}

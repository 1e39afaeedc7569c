package io.lvs4j.api.vrrp;

import io.lvs4j.api.AddressFamily;
import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Ranges;
import io.lvs4j.api.host.AddressScope;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address that moves with the master: a VIP.
 *
 * @param address the address
 * @param prefixLength the length of its network's prefix; 32 or 128 unless given
 * @param networkInterface where to put it, when not on the instance's own interface
 * @param label an alias such as {@code eth0:1}, IPv4 only
 * @param scope how far it is valid
 * @param preferredLifetime how long it may be chosen as a source of new connections; empty means as
 *     the kernel likes, for ever, but never for an IPv6 address of prefix 128
 */
public record VirtualAddress(
    InetAddress address,
    int prefixLength,
    Optional<String> networkInterface,
    Optional<String> label,
    AddressScope scope,
    Optional<Duration> preferredLifetime) {

  /** Checks that nothing is missing. */
  public VirtualAddress {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(networkInterface, "networkInterface");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(preferredLifetime, "preferredLifetime");
  }

  /**
   * Reads {@code 192.168.0.200/24}, {@code 192.168.0.200} or the like in IPv6. Names are not looked
   * up.
   *
   * @throws InvalidConfigurationException when it is something else
   */
  public static VirtualAddress of(String text) {
    var problems = new ArrayList<Problem>();
    var parsed = parse(problems, text);
    InvalidConfigurationException.throwIfAny(problems);
    return Objects.requireNonNull(parsed);
  }

  /** Returns the virtual address, or null after adding the problem. */
  static @Nullable VirtualAddress parse(List<Problem> problems, String text) {
    int slash = text.indexOf('/');
    var address =
        IpLiteral.parse(problems, "virtual address", slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int bits = AddressFamily.of(address).bits();
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
    if (prefix < 1 || prefix > bits) {
      problems.add(new Problem("virtual address", text, "a prefix length of 1-" + bits));
      return null;
    }
    return new VirtualAddress(
        address, prefix, Optional.empty(), Optional.empty(), AddressScope.GLOBAL, Optional.empty());
  }

  private static int prefix(String text) {
    boolean digits =
        !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Integer.parseInt(text) : -1;
  }

  /** Returns the same on another interface ({@code dev}). */
  public VirtualAddress on(String networkInterface) {
    return new VirtualAddress(
        address, prefixLength, Optional.of(networkInterface), label, scope, preferredLifetime);
  }

  /** Returns the same with an alias. */
  public VirtualAddress label(String label) {
    return new VirtualAddress(
        address, prefixLength, networkInterface, Optional.of(label), scope, preferredLifetime);
  }

  /** Returns the same with another scope. */
  public VirtualAddress scope(AddressScope scope) {
    return new VirtualAddress(
        address, prefixLength, networkInterface, label, scope, preferredLifetime);
  }

  /** Returns the same, preferred as a source address for this long only: 0 (never) or more. */
  public VirtualAddress preferredLifetime(Duration lifetime) {
    return new VirtualAddress(
        address, prefixLength, networkInterface, label, scope, Optional.of(lifetime));
  }

  /**
   * What makes two virtual addresses of a host the same one. An address on two interfaces is two
   * addresses, which is usual with link-local ones.
   *
   * @param networkInterface where it is; empty where the instance has no interface either
   * @param address the address
   */
  public record Identity(Optional<String> networkInterface, InetAddress address) {}

  /**
   * Returns which address of the host it is.
   *
   * @param ofInstance the interface of its instance, on which it is if it has none of its own
   */
  public Identity identity(Optional<String> ofInstance) {
    return new Identity(networkInterface.or(() -> ofInstance), address);
  }

  /** Returns the family of the address. */
  public AddressFamily family() {
    return AddressFamily.of(address);
  }

  /** Returns what is wrong; empty when nothing is. */
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    Ranges.number(problems, "prefix length", prefixLength, 1, family().bits());
    // IFNAMSIZ is 16 with the final zero, and an alias is a name with a suffix.
    label
        .filter(text -> family() == AddressFamily.IPV6 || text.isBlank() || text.length() > 15)
        .ifPresent(text ->
            problems.add(
                new Problem("label", text, "1 to 15 characters, on an IPv4 address only")));
    networkInterface.ifPresent(device -> NetworkInterfaceName.check(problems, "interface", device));
    preferredLifetime
        .filter(Duration::isNegative)
        .ifPresent(lifetime ->
            problems.add(new Problem("preferred lifetime", Ranges.text(lifetime), "0s or more")));
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      problems.add(new Problem("address", Endpoint.literal(address), "a unicast address"));
    }
    return problems.stream().map(problem -> problem.within("virtual address " + this)).toList();
  }

  /** Returns {@code 192.168.0.200/24}. */
  @Override
  public String toString() {
    return Endpoint.literal(address) + "/" + prefixLength;
  }
}

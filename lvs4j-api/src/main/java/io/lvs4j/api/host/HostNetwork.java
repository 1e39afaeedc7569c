package io.lvs4j.api.host;

import io.lvs4j.api.Problem;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The network of this host, as a VRRP router uses it: channels for adverts, virtual addresses, and
 * news of what changed.
 *
 * <p>One thread owns a host network and calls all of its methods, but for {@link #wakeUp}, which
 * any thread may call. No call but {@link #await} waits for anything outside of this host.
 */
public interface HostNetwork extends AutoCloseable {
  /**
   * Returns what will keep a router from doing its work here whatever it is configured for, such as
   * a privilege that the calling thread lacks, each with its remedy; empty when nothing will. It is
   * a forecast: the calls themselves may be refused all the same.
   *
   * @param toHoldAddresses whether addresses are to be claimed
   */
  default List<Problem> obstacles(boolean toHoldAddresses) {
    return List.of();
  }

  /**
   * Returns how an interface is doing, and from then on reports each change of it as an {@link
   * HostEvent.InterfaceChanged}. It need not exist yet.
   *
   * @return empty when there is no such interface
   */
  Optional<InterfaceState> watch(String networkInterface) throws HostNetworkException;

  /**
   * Opens a channel for adverts. Routers with equal settings should share one: each channel hears
   * the adverts of all virtual routers of its link. It belongs to the interface that has the name
   * now: when the interface is deleted and made anew (another {@link InterfaceState#index}), open
   * another one.
   *
   * @throws HostNetworkException when the interface or the source address is missing, or a
   *     privilege; nothing is left open
   */
  VrrpChannel openVrrp(VrrpChannelSettings settings) throws HostNetworkException;

  /**
   * Makes ready what claiming and announcing an address will take, so that the first claim is as
   * quick as the next. The address is not put anywhere, and what is in the way is told of by the
   * claim, not here.
   */
  default void prepare(VirtualAddressClaim claim) {}

  /**
   * Puts a virtual address on this host. Claiming an address that is held already puts it back if
   * it is missing and does nothing otherwise.
   *
   * <p>When this throws, the address is not held, unless it was before. It does not outlive this
   * process, however it ends. While it is held, its removal by others is reported as {@link
   * HostEvent.AddressRemoved} (it is not put back unasked), and its use by another host as {@link
   * HostEvent.AddressInUse}.
   */
  void claim(VirtualAddressClaim claim) throws HostNetworkException;

  /**
   * Takes a virtual address from this host; does nothing when it is not held. When this throws, the
   * address may still be there, and releasing it can be tried again.
   */
  void release(VirtualAddressClaim claim) throws HostNetworkException;

  /**
   * Tells the link of an interface once that an address is at this interface: by a gratuitous ARP
   * request, or by an unsolicited neighbour advertisement for IPv6. The address need not be held.
   */
  void announce(String networkInterface, InetAddress address) throws HostNetworkException;

  /**
   * Waits until something has happened, the deadline has passed, or {@link #wakeUp} was called.
   *
   * <p>What has arrived goes before the deadline: an empty list means that all channels were read
   * empty, after the deadline if it has passed. A router that was stopped for a while thus hears
   * first what it has missed, before it believes that nobody has spoken.
   *
   * @param deadlineNanos when to return at the latest, on the scale of {@link System#nanoTime}; one
   *     that has passed means not to wait
   * @return what has happened, per channel in the order of arrival; not more than a few hundred
   *     events a call, so that a flood leaves room for the rest of the caller's work
   */
  List<HostEvent> await(long deadlineNanos) throws HostNetworkException;

  /** Makes the current call of {@link #await} return, or the next one if there is none. */
  void wakeUp();

  /**
   * Lets the calling thread run before others when processors are scarce, as far as the host has
   * the means and allows it: adverts that are late cost an election. Does nothing if not
   * overridden.
   */
  default void preferCallingThread() {}

  /** Releases all addresses and closes all channels. Calling it again does nothing. */
  @Override
  void close();
}

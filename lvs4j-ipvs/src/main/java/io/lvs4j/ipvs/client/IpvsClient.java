package io.lvs4j.ipvs.client;

import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import io.lvs4j.linux.kernel.Kernel;
import io.lvs4j.linux.kernel.NativeKernel;
import io.lvs4j.linux.netlink.Attributes;
import io.lvs4j.linux.netlink.Decoding;
import io.lvs4j.linux.netlink.Decoding.Decoded;
import io.lvs4j.linux.netlink.Decoding.Malformed;
import io.lvs4j.linux.netlink.GenericMessage;
import io.lvs4j.linux.netlink.GenericNetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The client of the kernel's IPVS: lists and changes the virtual services of one network namespace,
 * as ipvsadm does, over generic netlink.
 *
 * <p>Everything here needs CAP_NET_ADMIN in the initial user namespace, listing included. The table
 * belongs to the network namespace that the client was opened in, not to the client: it stays when
 * the client is closed, and others may change it at any time. The kernel tells nobody of changes.
 *
 * <p>Calls block until the kernel has answered, normally for microseconds. Not safe for several
 * threads; any number of clients may be open at once. See include/uapi/linux/ip_vs.h and
 * net/netfilter/ipvs/ip_vs_ctl.c.
 */
public final class IpvsClient implements AutoCloseable {
  private final GenericNetlink netlink;

  private IpvsClient(GenericNetlink netlink) {
    this.netlink = netlink;
  }

  /**
   * Opens a client in the network namespace of the calling thread, and tries whether it may do what
   * it should. The kernel loads the module ip_vs when it can.
   *
   * @throws IpvsException {@code UNAVAILABLE} when this kernel has no IPVS, {@code NOT_PERMITTED}
   *     when the privilege is missing
   */
  public static IpvsClient open() throws IpvsException {
    return open(new NativeKernel());
  }

  /** Opens a client of a given kernel; see {@link #open()}. */
  public static IpvsClient open(Kernel kernel) throws IpvsException {
    GenericNetlink netlink;
    try {
      netlink = GenericNetlink.open(kernel, IpvsMessage.FAMILY);
    } catch (HostNetworkException why) {
      throw Refusals.of(Task.of(Operation.OPEN, IpvsCommand.GET_INFO), why);
    }
    var client = new IpvsClient(netlink);
    try {
      client.get(Task.of(Operation.OPEN, IpvsCommand.GET_INFO));
      return client;
    } catch (IpvsException | RuntimeException refused) {
      netlink.close();
      throw refused;
    }
  }

  /** Returns what the kernel says of its IPVS. */
  public IpvsInfo info() throws IpvsException {
    var info = get(Task.of(Operation.GET_INFO, IpvsCommand.GET_INFO)).info();
    return new IpvsInfo((int) info.version().orElse(0), info.connectionTableSize().orElse(0));
  }

  /** Returns all services in the order of their keys. */
  public List<IpvsServiceStatus> services() throws IpvsException {
    // The kernel's cursor is a number: a service may come twice when others are deleted meanwhile.
    var services = new TreeMap<ServiceKey, IpvsServiceStatus>();
    var task = Task.of(Operation.LIST_SERVICES, IpvsCommand.GET_SERVICE);
    for (var status : dump(task, WireServices::decode)) {
      services.put(status.service().key(), status);
    }
    return List.copyOf(services.values());
  }

  /** Returns a service; empty when there is none of this key. */
  public Optional<IpvsServiceStatus> service(ServiceKey key) throws IpvsException {
    var task = Task.of(Operation.GET_SERVICE, key, IpvsCommand.GET_SERVICE);
    try {
      return Optional.of(decoded(task, WireServices.decode(get(task))));
    } catch (IpvsException refused) {
      if (refused.kind() == IpvsException.Kind.NO_SUCH_SERVICE) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /**
   * Returns the real servers of a service as the kernel goes through them: the newest first.
   *
   * @throws IpvsException {@code NO_SUCH_SERVICE} when there is no such service
   */
  public List<IpvsDestinationStatus> destinations(ServiceKey key) throws IpvsException {
    var task = Task.of(Operation.LIST_DESTINATIONS, key, IpvsCommand.GET_DEST);
    var destinations = new LinkedHashMap<DestinationKey, IpvsDestinationStatus>();
    for (var status : dump(task, message -> WireDestinations.decode(key, message))) {
      destinations.putIfAbsent(status.destination().key(), status);
    }
    if (destinations.isEmpty()) {
      // The kernel answers the same for a service that isn't there; asking for it tells.
      get(
          new Task(
              task.operation(),
              task.subject(),
              IpvsMessage.of(IpvsCommand.GET_SERVICE).with(WireServices.identify(key)),
              Optional.empty()));
    }
    return List.copyOf(destinations.values());
  }

  /**
   * Returns whether the kernel has a scheduler and, if one is named, a persistence engine; it loads
   * their modules when it can. The table stays as it is: the kernel is asked for a service whose
   * IPv6 prefix it refuses, which it looks at after the two. Where it refuses for another reason,
   * as one without IPv6 does, the answer is that it has them.
   */
  public boolean has(String scheduler, Optional<String> engine) throws IpvsException {
    var task =
        Task.of(
            Operation.ADD_SERVICE,
            scheduler,
            IpvsMessage.of(IpvsCommand.NEW_SERVICE)
                .with(WireServices.refusable(scheduler, engine)));
    try {
      execute(task);
    } catch (IpvsException refused) {
      return switch (refused.kind()) {
        case NO_SUCH_SCHEDULER -> false;
        case NOT_PERMITTED, NO_MEMORY, NO_ANSWER -> throw refused;
        default -> true;
      };
    }
    delete(WireServices.REFUSABLE);
    return true;
  }

  /** Adds a service without real servers. */
  public void add(IpvsService service) throws IpvsException {
    execute(Task.of(new IpvsChange.AddService(service)));
  }

  /** Gives a service other settings; its real servers and connections stay. */
  public void set(IpvsService service) throws IpvsException {
    execute(Task.of(new IpvsChange.SetService(service)));
  }

  /**
   * Deletes a service with its real servers. The connections that it has stay in the kernel's table
   * until they end.
   */
  public void delete(ServiceKey key) throws IpvsException {
    execute(Task.of(new IpvsChange.DeleteService(key)));
  }

  /** Adds a real server at the head of a service's list. */
  public void add(ServiceKey key, IpvsDestination destination) throws IpvsException {
    execute(Task.of(new IpvsChange.AddDestination(key, destination)));
  }

  /** Gives a real server other settings, at its place in the list; its connections stay. */
  public void set(ServiceKey key, IpvsDestination destination) throws IpvsException {
    execute(Task.of(new IpvsChange.SetDestination(key, destination)));
  }

  /**
   * Deletes a real server. Packets of the connections that it has are dropped from then on, unless
   * sysctl net.ipv4.vs.expire_nodest_conn ends them; they go on when it is added again soon.
   */
  public void delete(ServiceKey key, DestinationKey destination) throws IpvsException {
    execute(Task.of(new IpvsChange.DeleteDestination(key, destination)));
  }

  /**
   * Makes several changes in their order, many in one system call. It goes on after one that the
   * kernel refuses.
   *
   * @return those that were refused; empty when all were made
   * @throws IpvsException {@code NO_ANSWER} when it is not known which were made
   */
  public List<IpvsChange.Refused> apply(List<IpvsChange> changes) throws IpvsException {
    var tasks = new ArrayList<Task>(changes.size());
    var requests = new ArrayList<GenericNetlink.Request>(changes.size());
    for (var change : changes) {
      var task = Task.of(change);
      tasks.add(task);
      requests.add(
          new GenericNetlink.Request(
              task.operation().words(),
              task.message().command().number(),
              task.message().attributes()));
    }
    try {
      var refused = new ArrayList<IpvsChange.Refused>();
      for (var each : netlink.executeAll(requests)) {
        refused.add(
            new IpvsChange.Refused(
                changes.get(each.index()), Refusals.of(tasks.get(each.index()), each.why())));
      }
      return List.copyOf(refused);
    } catch (HostNetworkException why) {
      throw new IpvsException(
          IpvsException.Kind.NO_ANSWER,
          "make " + changes.size() + " changes",
          "",
          Optional.empty(),
          String.valueOf(why.getMessage()),
          why);
    }
  }

  /** Deletes all services, those of others too. Connections stay until they end. */
  public void flush() throws IpvsException {
    execute(Task.of(Operation.FLUSH, IpvsCommand.FLUSH));
  }

  /** Lets the statistics of all services and real servers begin at 0. */
  public void zero() throws IpvsException {
    execute(Task.of(Operation.ZERO_ALL, IpvsCommand.ZERO));
  }

  /** Lets the statistics of a service and its real servers begin at 0. */
  public void zero(ServiceKey key) throws IpvsException {
    execute(Task.of(Operation.ZERO, key, IpvsCommand.ZERO));
  }

  /** Returns the timeouts of connections. */
  public IpvsTimeouts timeouts() throws IpvsException {
    var timeouts = get(Task.of(Operation.GET_TIMEOUTS, IpvsCommand.GET_CONFIG)).timeouts();
    return new IpvsTimeouts(
        Duration.ofSeconds(timeouts.tcp().orElse(0)),
        Duration.ofSeconds(timeouts.tcpFin().orElse(0)),
        Duration.ofSeconds(timeouts.udp().orElse(0)));
  }

  /** Changes the timeouts of connections for all services; those of zero stay as they are. */
  public void timeouts(IpvsTimeouts timeouts) throws IpvsException {
    execute(
        Task.of(
            Operation.SET_TIMEOUTS,
            "",
            IpvsMessage.of(IpvsCommand.SET_CONFIG)
                .with(
                    new IpvsMessage.Timeouts(
                        OptionalLong.of(timeouts.tcp().toSeconds()),
                        OptionalLong.of(timeouts.tcpFin().toSeconds()),
                        OptionalLong.of(timeouts.udp().toSeconds())))));
  }

  /** Returns the sync daemons that run, with all their settings; at most one of each role. */
  public List<SyncDaemon> daemons() throws IpvsException {
    return dump(Task.of(Operation.LIST_DAEMONS, IpvsCommand.GET_DAEMON), WireDaemons::decode);
  }

  /** Starts a sync daemon. It runs in the kernel until it is stopped. */
  public void startDaemon(SyncDaemon daemon) throws IpvsException {
    execute(
        Task.of(
            Operation.START_DAEMON,
            daemon.role() + " on " + daemon.networkInterface(),
            IpvsMessage.of(IpvsCommand.NEW_DAEMON).with(WireDaemons.describe(daemon))));
  }

  /** Stops the sync daemon of a role. */
  public void stopDaemon(SyncRole role) throws IpvsException {
    try {
      execute(
          Task.of(
              Operation.STOP_DAEMON,
              role.toString(),
              IpvsMessage.of(IpvsCommand.DEL_DAEMON).with(WireDaemons.identify(role))));
    } catch (IpvsException failed) {
      // The kernel stops one that has hardly started, and leaves the answer out: kthread_stop of a
      // thread that never ran says EINTR. Only the list tells.
      boolean unanswered = failed.kind() == IpvsException.Kind.NO_ANSWER;
      if (!unanswered || daemons().stream().anyMatch(daemon -> daemon.role() == role)) {
        throw failed;
      }
    }
  }

  private void execute(Task task) throws IpvsException {
    try {
      netlink.execute(task.words(), task.message().command().number(), attributes(task));
    } catch (HostNetworkException why) {
      throw Refusals.of(task, why);
    }
  }

  private IpvsMessage get(Task task) throws IpvsException {
    try {
      var answer = netlink.get(task.words(), task.message().command().number(), attributes(task));
      return decoded(task, IpvsMessage.decode(answer));
    } catch (IpvsException refused) {
      throw refused;
    } catch (HostNetworkException why) {
      throw Refusals.of(task, why);
    }
  }

  private <T> List<T> dump(Task task, Function<IpvsMessage, Decoding<T>> decoder)
      throws IpvsException {
    List<GenericMessage> answers;
    try {
      answers = netlink.dump(task.words(), task.message().command().number(), attributes(task));
    } catch (HostNetworkException why) {
      throw Refusals.of(task, why);
    }
    return decoded(task, Decoding.all(answers, answer -> IpvsMessage.decode(answer).then(decoder)));
  }

  private static Attributes attributes(Task task) {
    return task.message().attributes();
  }

  private static <T> T decoded(Task task, Decoding<T> decoding) throws IpvsException {
    return switch (decoding) {
      case Decoded<T>(var value) -> value;
      case Malformed<T>(var reason) -> throw Refusals.of(task, new HostNetworkException(reason));
    };
  }

  @Override
  public void close() {
    netlink.close();
  }
}

package io.lvs4j.spring.boot;

import static io.lvs4j.spring.boot.ConfigurationReader.ifSet;
import static io.lvs4j.spring.boot.ConfigurationReader.ifTrue;
import static io.lvs4j.spring.boot.ConfigurationReader.unless;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Problem;
import io.lvs4j.api.Program;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.HmacAuthentication;
import io.lvs4j.api.vrrp.HmacKey;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.api.vrrp.VirtualAddress;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpListener;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes VRRP instances and sync groups of their properties. */
final class VrrpMapper {
  private final PropertyProblems problems;
  private final NamedBeans beans;
  private final Map<String, VirtualServer> virtualServers;

  /**
   * Creates a mapper.
   *
   * @param virtualServers those whose quorum may be tracked, by name
   */
  VrrpMapper(
      PropertyProblems problems, NamedBeans beans, Map<String, VirtualServer> virtualServers) {
    this.problems = problems;
    this.beans = beans;
    this.virtualServers = virtualServers;
  }

  /** Returns the instance; empty after adding what keeps it from being one. */
  Optional<VrrpInstance> instance(String name, String prefix, VrrpInstanceProperties from) {
    names(prefix, from);
    var builder = VrrpInstance.builder(name);
    settings(builder, prefix, from);
    trackers(prefix, from.trackers(), builder::track);
    try {
      return Optional.of(builder.build());
    } catch (InvalidConfigurationException refused) {
      refused.problems().stream()
          .map(ConfigurationReader::withoutFirst)
          .filter(problem -> !isUnreadAddress(problem, from))
          .forEach(problem -> problems.add(prefix, problem));
      return Optional.empty();
    }
  }

  /** Addresses that can't be read are reported one by one, and their absence says nothing new. */
  private static boolean isUnreadAddress(Problem problem, VrrpInstanceProperties from) {
    return problem.subject().equals("virtual addresses")
        && problem.value().equals("none")
        && !from.virtualAddresses().isEmpty();
  }

  private void names(String prefix, VrrpInstanceProperties from) {
    problems.name(prefix, "network interface", prefix + ".interface");
    problems.name(prefix, "nopreempt", prefix + ".preempt");
    problems.name(prefix, "check of unicast sources", prefix + ".check-unicast-source");
    problems.name(prefix, "password", prefix + ".authentication.password");
    problems.name(prefix, "authentication type", prefix + ".authentication");
    problems.name(prefix, "active HMAC key", prefix + ".authentication.active-key");
    problems.name(prefix, "HMAC time window", prefix + ".authentication.time-window");
    problems.name(prefix, "HMAC key id", prefix + ".authentication.keys");
    problems.name(prefix, "virtual address", prefix + ".virtual-addresses");
    problems.name(prefix, "unicast peer", prefix + ".unicast-peers");
    for (var each : List.of("repeat", "delay", "refresh", "refresh repeat", "spacing")) {
      problems.name(
          prefix,
          "announcement " + each,
          prefix + ".announcements." + PropertyProblems.kebabCase(each));
    }
    for (var each : List.of("repeat", "delay")) {
      problems.name(
          prefix,
          "announcement " + each + " on lower priority",
          prefix + ".announcements.lower-priority-" + each);
    }
    elements(prefix, "virtual address", ".virtual-addresses", from.virtualAddresses());
    elements(prefix, "virtual address", ".excluded-addresses", from.excludedAddresses());
    elements(prefix, "unicast peer", ".unicast-peers", from.unicastPeers());
  }

  private void elements(String prefix, String subject, String property, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      var path = prefix + property + "[" + i + "]";
      problems.name(prefix, subject + " " + texts.get(i), path);
      problems.name(path, "address", path);
      problems.name(path, "prefix length", path);
    }
  }

  private void settings(VrrpInstance.Builder builder, String prefix, VrrpInstanceProperties from) {
    ifSet(from.networkInterface(), builder::networkInterface);
    ifSet(from.virtualRouterId(), builder::virtualRouterId);
    ifSet(from.priority(), builder::priority);
    ifSet(from.version(), builder::version);
    ifSet(from.advertisementInterval(), builder::advertisementInterval);
    unless(from.preempt(), builder::noPreempt);
    ifSet(from.preemptDelay(), builder::preemptDelay);
    ifTrue(from.startAsBackup(), builder::startAsBackup);
    ifSet(from.downTimerAdverts(), builder::downTimerAdverts);
    ifSet(from.startUpDelay(), builder::startUpDelay);
    ifSet(from.sourceAddress(), builder::sourceAddress);
    from.unicastPeers().forEach(builder::unicastPeer);
    ifSet(from.unicastTtl(), builder::unicastTtl);
    ifSet(from.multicastGroup(), builder::multicastGroup);
    from.virtualAddresses().forEach(builder::virtualAddress);
    from.excludedAddresses().forEach(builder::excludedAddress);
    ifTrue(from.noVirtualAddress(), builder::noVirtualAddress);
    var authentication = from.authentication();
    if (authentication != null) {
      authentication(prefix + ".authentication", authentication).ifPresent(builder::authentication);
    }
    ifSet(from.checksum(), builder::checksum);
    ifSet(from.announcements(), each -> builder.announcements(announcements(each)));
    unless(from.trackOwnInterface(), builder::ownInterfaceNotTracked);
    ifTrue(from.checkAddressList(), builder::checkAddressList);
    ifTrue(from.checkUnicastSource(), builder::checkUnicastSource);
    ifTrue(from.ignoreAdvertsAsOwner(), builder::ignoreAdvertsAsOwner);
    ifTrue(from.stepDownSilently(), builder::stepDownSilently);
    unless(from.answerLowerPriority(), builder::leaveLowerPriorityUnanswered);
    unless(from.stallGuard(), builder::withoutStallGuard);
    ifTrue(from.releaseAtOnce(), builder::releaseAtOnce);
  }

  private Optional<Authentication> authentication(
      String property, VrrpInstanceProperties.Authentication from) {
    var password = from.password();
    if ((password != null) == !from.keys().isEmpty()) {
      problems.add(
          property,
          password == null ? "without password and keys" : "with a password and keys",
          "a password, or keys");
      return Optional.empty();
    }
    if (password != null) {
      return Optional.of(Authentication.password(password));
    }
    var keys = new ArrayList<HmacKey>();
    for (int i = 0; i < from.keys().size(); i++) {
      key(property + ".keys[" + i + "].secret", from.keys().get(i)).ifPresent(keys::add);
    }
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    var active = from.activeKey();
    return Optional.of(
        new HmacAuthentication(
            keys,
            active == null ? keys.getFirst().id() : active,
            from.antiReplay() == null ? HmacAuthentication.AntiReplay.TIME : from.antiReplay(),
            Optional.ofNullable(from.timeWindow()),
            from.mode() == null ? HmacAuthentication.Mode.ENFORCE : from.mode()));
  }

  private Optional<HmacKey> key(String property, VrrpInstanceProperties.Key from) {
    var secret = from.secret();
    try {
      if (secret != null) {
        return Optional.of(HmacKey.of(from.id(), HexFormat.of().parseHex(secret)));
      }
    } catch (IllegalArgumentException noDigits) {
      // As if there were none.
    }
    problems.add(
        property, secret == null ? "none" : "******", "64 to 128 hexadecimal digits, in pairs");
    return Optional.empty();
  }

  private static Announcements announcements(VrrpInstanceProperties.Announcements from) {
    var announcements =
        Announcements.defaults()
            .repeat(from.repeat())
            .delay(from.delay())
            .refresh(from.refresh(), from.refreshRepeat())
            .spacing(from.spacing());
    var repeat = from.lowerPriorityRepeat();
    var delay = from.lowerPriorityDelay();
    return repeat == null && delay == null
        ? announcements
        : announcements.onLowerPriority(
            repeat == null ? from.repeat() : repeat, delay == null ? from.delay() : delay);
  }

  /** Returns the group; empty after adding what keeps it from being one. */
  Optional<SyncGroup> group(
      String name, String prefix, VrrpInstanceProperties.Group from, List<VrrpListener> listeners) {
    problems.name(prefix, "instance", prefix + ".instances");
    for (int i = 0; i < from.instances().size(); i++) {
      problems.name(
          prefix, "instance " + from.instances().get(i), prefix + ".instances[" + i + "]");
    }
    var builder = SyncGroup.builder(name);
    from.instances().forEach(builder::instance);
    trackers(prefix, from.trackers(), builder::track);
    ifTrue(from.weightedTracking(), builder::weightedTracking);
    listeners.forEach(builder::listener);
    try {
      return Optional.of(builder.build());
    } catch (InvalidConfigurationException refused) {
      refused.problems().stream()
          .map(ConfigurationReader::withoutFirst)
          .forEach(problem -> problems.add(prefix, problem));
      return Optional.empty();
    }
  }

  private void trackers(
      String prefix, List<VrrpInstanceProperties.Tracker> from, Consumer<Tracker> add) {
    for (int i = 0; i < from.size(); i++) {
      var property = prefix + ".trackers[" + i + "]";
      var settings = from.get(i);
      begin(property, settings)
          .map(begun -> tracker(settings, begun))
          .ifPresent(tracker -> {
            problems.name(prefix, "tracker " + tracker.name(), property);
            problems.name(property, "command", property + ".script");
            problems.name(property, "interval", property + ".every");
            add.accept(tracker);
          });
    }
  }

  private Optional<Tracker> begin(String property, VrrpInstanceProperties.Tracker from) {
    var begun = new ArrayList<Optional<Tracker>>();
    var device = from.networkInterface();
    if (device != null) {
      begun.add(Optional.of(Tracker.networkInterface(device)));
    }
    if (!from.script().isEmpty()) {
      begun.add(
          Optional.of(
              Tracker.script(
                  name(from.name(), from.script().getFirst()),
                  new Program(from.script(), Optional.ofNullable(from.user()), true))));
    }
    var file = from.file();
    if (file != null) {
      begun.add(Optional.of(Tracker.file(name(from.name(), file.toString()), file)));
    }
    var quorum = from.quorum();
    if (quorum != null) {
      begun.add(quorum(property + ".quorum", quorum));
    }
    var bean = from.bean();
    if (bean != null) {
      begun.add(beans.find(property + ".bean", bean, Tracker.class));
    }
    if (begun.size() != 1) {
      problems.add(
          property,
          begun.isEmpty() ? "nothing to track" : begun.size() + " things to track",
          "one of interface, script, file, quorum, bean");
      return Optional.empty();
    }
    return begun.getFirst();
  }

  private static String name(@Nullable String given, String otherwise) {
    return given == null ? otherwise : given;
  }

  private Optional<Tracker> quorum(String property, String name) {
    if (name.equals("*")) {
      return Optional.of(Tracker.directorHealth());
    }
    var virtualServer = virtualServers.get(name);
    if (virtualServer == null) {
      problems.add(
          property, name, "* for all virtual servers, or one of " + virtualServers.keySet());
      return Optional.empty();
    }
    return Optional.of(Tracker.quorum(virtualServer));
  }

  private static Tracker tracker(VrrpInstanceProperties.Tracker from, Tracker begun) {
    var tracker = new Tracker[] {begun};
    ifSet(from.weight(), weight -> tracker[0] = tracker[0].weight(weight));
    ifTrue(from.reversed(), () -> tracker[0] = tracker[0].reversed());
    ifSet(from.every(), time -> tracker[0] = tracker[0].every(time));
    ifSet(from.timeout(), time -> tracker[0] = tracker[0].timeout(time));
    ifSet(from.rise(), rise -> tracker[0] = tracker[0].rise(rise));
    ifSet(from.fall(), fall -> tracker[0] = tracker[0].fall(fall));
    ifTrue(from.failedAtFirst(), () -> tracker[0] = tracker[0].failedAtFirst());
    return tracker[0];
  }

  /** Returns the same instance with more trackers and listeners. */
  static VrrpInstance extended(
      VrrpInstance from, List<Tracker> trackers, List<VrrpListener> listeners) {
    var builder = VrrpInstance.builder(from.name());
    from.networkInterface().ifPresent(builder::networkInterface);
    builder.virtualRouterId(from.virtualRouterId().value());
    builder.priority(from.priority().value());
    builder.version(from.version());
    builder.advertisementInterval(from.advertisementInterval());
    unless(from.isPreempting(), builder::noPreempt);
    builder.preemptDelay(from.preemptDelay());
    unless(from.isStartingAsMaster(), builder::startAsBackup);
    builder.downTimerAdverts(from.downTimerAdverts());
    builder.startUpDelay(from.startUpDelay());
    from.sourceAddress().map(Endpoint::literal).ifPresent(builder::sourceAddress);
    from.unicastPeers().forEach(builder::unicastPeer);
    builder.unicastTtl(from.unicastTtl());
    from.multicastGroup().map(Endpoint::literal).ifPresent(builder::multicastGroup);
    for (VirtualAddress address : from.virtualAddresses()) {
      builder.virtualAddress(address);
    }
    for (VirtualAddress address : from.excludedAddresses()) {
      builder.excludedAddress(address);
    }
    ifTrue(from.allAddresses().isEmpty(), builder::noVirtualAddress);
    from.authentication().ifPresent(builder::authentication);
    builder.checksum(from.checksum());
    builder.announcements(from.announcements());
    from.trackers().forEach(builder::track);
    trackers.forEach(builder::track);
    unless(from.isOwnInterfaceTracked(), builder::ownInterfaceNotTracked);
    ifTrue(from.isAddressListChecked(), builder::checkAddressList);
    ifTrue(from.isUnicastSourceChecked(), builder::checkUnicastSource);
    ifTrue(from.isIgnoringAdvertsAsOwner(), builder::ignoreAdvertsAsOwner);
    unless(from.isAdvertisingBeforeSteppingDown(), builder::stepDownSilently);
    unless(from.isAnsweringLowerPriority(), builder::leaveLowerPriorityUnanswered);
    unless(from.isStallGuarded(), builder::withoutStallGuard);
    unless(from.isHandingOver(), builder::releaseAtOnce);
    from.listeners().forEach(builder::listener);
    listeners.forEach(builder::listener);
    return builder.build();
  }
}

package io.lvs4j.lab.vrrp;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.vrrp.Announcements;
import io.lvs4j.api.vrrp.Authentication;
import io.lvs4j.api.vrrp.VrrpInstance;
import io.lvs4j.api.vrrp.VrrpVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A VRRP instance as one argument of a command line: its name and then {@code key=value}, separated
 * by blanks. It covers what the lab uses.
 */
final class InstanceText {
  private InstanceText() {}

  static String write(VrrpInstance instance) {
    var words =
        Stream.<Stream<String>>of(
                Stream.of(
                    instance.name(),
                    "id=" + instance.virtualRouterId().value(),
                    "priority=" + instance.priority().value(),
                    "version=" + instance.version(),
                    "interval=" + instance.advertisementInterval(),
                    "refresh=" + instance.announcements().refresh(),
                    "preempt=" + instance.isPreempting(),
                    "checked=" + instance.isAddressListChecked()),
                instance.networkInterface().stream().map(name -> "interface=" + name),
                instance.sourceAddress().stream().map(it -> "source=" + Endpoint.literal(it)),
                instance.unicastPeers().stream()
                    .map(it -> "peer=" + Endpoint.literal(it.address())),
                instance.authentication().stream().map(InstanceText::password),
                instance.virtualAddresses().stream().map(it -> "address=" + it),
                instance.excludedAddresses().stream().map(it -> "excluded=" + it))
            .flatMap(each -> each);
    return words.collect(Collectors.joining(" "));
  }

  private static String password(Authentication authentication) {
    if (authentication instanceof Authentication.Password(String text)) {
      return "password=" + text;
    }
    throw new IllegalArgumentException(authentication + " (expected: none or PASS)");
  }

  static VrrpInstance read(String text) {
    var words = List.of(text.split(" ", -1));
    var builder = VrrpInstance.builder(words.getFirst());
    for (String word : words.subList(1, words.size())) {
      int equals = word.indexOf('=');
      set(builder, word.substring(0, equals), word.substring(equals + 1));
    }
    return builder.build();
  }

  private static void set(VrrpInstance.Builder builder, String key, String value) {
    switch (key) {
      case "id" -> builder.virtualRouterId(Integer.parseInt(value));
      case "priority" -> builder.priority(Integer.parseInt(value));
      case "version" -> builder.version(VrrpVersion.valueOf(value));
      case "interval" -> builder.advertisementInterval(Duration.parse(value));
      case "refresh" ->
          builder.announcements(Announcements.defaults().refresh(Duration.parse(value), 1));
      case "interface" -> builder.networkInterface(value);
      case "source" -> builder.sourceAddress(value);
      case "peer" -> builder.unicastPeer(value);
      case "password" -> builder.authentication(Authentication.password(value));
      case "address" -> builder.virtualAddress(value);
      case "excluded" -> builder.excludedAddress(value);
      case "preempt" -> {
        if (!Boolean.parseBoolean(value)) {
          builder.noPreempt();
        }
      }
      case "checked" -> {
        if (Boolean.parseBoolean(value)) {
          builder.checkAddressList();
        }
      }
      default -> throw new IllegalArgumentException(key + " (expected: a known setting)");
    }
  }
}

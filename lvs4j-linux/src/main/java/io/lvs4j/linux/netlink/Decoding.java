package io.lvs4j.linux.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What became of bytes: a value, or the reason why they are none.
 *
 * @param <T> the kind of value
 */
public sealed interface Decoding<T> {
  /** The bytes made sense. */
  record Decoded<T>(T value) implements Decoding<T> {}

  /** They didn't. */
  record Malformed<T>(String reason) implements Decoding<T> {}

  /** Goes on with the value, if there is one. */
  default <R> Decoding<R> then(Function<T, Decoding<R>> next) {
    return switch (this) {
      case Decoded<T>(var value) -> next.apply(value);
      case Malformed<T>(var reason) -> new Malformed<>(reason);
    };
  }

  /** Returns all values, or the first reason. */
  static <T, R> Decoding<List<R>> all(List<T> parts, Function<T, Decoding<R>> decoder) {
    var values = new ArrayList<R>(parts.size());
    for (var part : parts) {
      switch (decoder.apply(part)) {
        case Decoded<R>(var value) -> values.add(value);
        case Malformed<R>(var reason) -> {
          return new Malformed<>(reason);
        }
      }
    }
    return new Decoded<>(List.copyOf(values));
  }
}

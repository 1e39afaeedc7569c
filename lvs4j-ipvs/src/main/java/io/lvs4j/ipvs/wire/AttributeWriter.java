package io.lvs4j.ipvs.wire;

import io.lvs4j.linux.netlink.Attributes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Attributes that grow by those that are present. */
final class AttributeWriter {
  private Attributes attributes = Attributes.none();

  AttributeWriter number8(int type, OptionalInt value) {
    value.ifPresent(number -> attributes = attributes.with8(type, number));
    return this;
  }

  AttributeWriter number16(int type, OptionalInt value) {
    value.ifPresent(number -> attributes = attributes.with16(type, number));
    return this;
  }

  AttributeWriter bigEndian16(int type, OptionalInt value) {
    value.ifPresent(number -> attributes = attributes.withBigEndian16(type, number));
    return this;
  }

  AttributeWriter number32(int type, OptionalLong value) {
    value.ifPresent(number -> attributes = attributes.with(type, (int) number));
    return this;
  }

  AttributeWriter text(int type, Optional<String> value) {
    value.ifPresent(text -> attributes = attributes.with(type, text));
    return this;
  }

  AttributeWriter address(int type, Optional<AddressBytes> value) {
    value.ifPresent(address -> attributes = attributes.with(type, address.bytes()));
    return this;
  }

  AttributeWriter bytes(int type, Optional<byte[]> value) {
    value.ifPresent(bytes -> attributes = attributes.with(type, bytes));
    return this;
  }

  AttributeWriter nested(int type, Optional<Attributes> value) {
    value.ifPresent(inner -> attributes = attributes.with(type, inner));
    return this;
  }

  Attributes written() {
    return attributes;
  }
}

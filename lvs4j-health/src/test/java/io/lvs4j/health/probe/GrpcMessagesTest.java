package io.lvs4j.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.lvs4j.health.Seed;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages beside those that protobuf makes. */
class GrpcMessagesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "orders", "a.b.C", "Grüße", "0123456789"})
  void aRequestIsWhatProtobufReads(String service) throws Exception {
    for (var name : new String[] {service, service.repeat(60)}) {
      var bytes = ByteBufUtil.getBytes(GrpcMessages.request(name));
      assertThat(bytes[0]).isZero();
      var header = Unpooled.wrappedBuffer(bytes, 1, 4);
      assertThat(header.readInt()).isEqualTo(bytes.length - GrpcMessages.HEADER);
      var message = java.util.Arrays.copyOfRange(bytes, GrpcMessages.HEADER, bytes.length);
      assertThat(HealthCheckRequest.parseFrom(message).getService()).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
  void anAnswerOfProtobufIsRead(ServingStatus status) {
    var bytes = HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray();
    assertThat(GrpcMessages.status(Unpooled.wrappedBuffer(bytes)))
        .isEqualTo(OptionalInt.of(status.getNumber()));
    assertThat(GrpcMessages.words(status.getNumber())).isEqualTo(status.name());
  }

  private static OptionalInt status(String hex) {
    return GrpcMessages.status(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }

  @Test
  void fieldsOfALaterVersionAreSkipped() {
    assertThat(status("10051a03616263210102030405060708250102030408012d01020304")).hasValue(1);
    assertThat(status("08010802")).as("the last one counts").hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"08", "0880", "0a05", "0aff", "00", "0b", "1d0102", "08ffffffffffffffffffffff01"})
  void whatIsNoMessageIsTold(String hex) {
    assertThat(status(hex)).isEmpty();
  }

  @Test
  void anyBytesHaveAnAnswerOrNone() {
    var seed = Seed.get();
    var random = seed.random();
    for (int i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(16)];
      random.nextBytes(bytes);
      assertThat(GrpcMessages.status(Unpooled.wrappedBuffer(bytes))).as("%s", seed).isNotNull();
    }
  }

  @Test
  void anUnknownStatusIsQuoted() {
    assertThat(GrpcStatus.words("5")).isEqualTo("NOT_FOUND");
    assertThat(GrpcStatus.words("99\u0007")).isEqualTo("grpc-status \"99\\x07\"");
    assertThat(GrpcMessages.words(7)).isEqualTo("serving status 7");
  }
}

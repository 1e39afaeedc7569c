package io.lvs4j.ipvs.client;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A request to a real kernel and its replies, as recorded.
 *
 * @param label what it is, in words
 * @param request the netlink message that was sent; empty in a shape
 * @param responses the netlink messages that came, one each
 * @param datagrams in how many datagrams they came
 * @param errno how it ended, 0 for well
 * @param shape how long a long dump was, when its messages weren't kept
 */
record Exchange(
    String label, byte[] request, List<byte[]> responses, int datagrams, int errno, Shape shape) {

  /** How many messages of which length came, and the length of the last one; 0 without a shape. */
  record Shape(int messages, int messageLength, int lastLength) {}

  static Exchange of(JsonNode recorded) {
    String label = recorded.path("label").asText("");
    if (label.isEmpty()) {
      fail("exchange %s (expected: one with a label)".formatted(recorded));
    }
    if (!recorded.has("request")) {
      return shape(label, recorded);
    }
    var responses = new ArrayList<byte[]>();
    for (var response : recorded.path("responses")) {
      responses.add(bytes(label, response));
    }
    if (responses.isEmpty() || !recorded.path("errno").isInt()) {
      fail("exchange '%s' (expected: responses and errno)".formatted(label));
    }
    return new Exchange(
        label,
        bytes(label, recorded.path("request")),
        responses,
        recorded.path("datagrams").asInt(1),
        recorded.path("errno").intValue(),
        new Shape(0, 0, 0));
  }

  private static Exchange shape(String label, JsonNode recorded) {
    for (String field : List.of("messages", "message_len", "last_len", "datagrams")) {
      if (!recorded.path(field).isInt()) {
        fail("exchange '%s': no request and no %s (expected: one of them)".formatted(label, field));
      }
    }
    return new Exchange(
        label,
        new byte[0],
        List.of(),
        recorded.path("datagrams").intValue(),
        0,
        new Shape(
            recorded.path("messages").intValue(),
            recorded.path("message_len").intValue(),
            recorded.path("last_len").intValue()));
  }

  private static byte[] bytes(String label, JsonNode text) {
    try {
      return HexFormat.of().parseHex(text.asText());
    } catch (IllegalArgumentException notHexadecimal) {
      return fail(
          "exchange '%s': %s (expected: hexadecimal)".formatted(label, text), notHexadecimal);
    }
  }

  boolean isShape() {
    return request.length == 0;
  }
}

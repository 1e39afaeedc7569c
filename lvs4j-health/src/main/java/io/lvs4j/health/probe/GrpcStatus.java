package io.lvs4j.health.probe;

import java.util.List;

/** The status of a gRPC call in words. */
final class GrpcStatus {
  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatus() {}

  /** Returns the name of a status as it stands in the trailers; what is none is quoted. */
  static String words(CharSequence code) {
    var text = code.toString();
    for (int i = 0; i < NAMES.size(); i++) {
      if (text.equals(Integer.toString(i))) {
        return NAMES.get(i);
      }
    }
    return "grpc-status " + Wording.quoted(text);
  }
}

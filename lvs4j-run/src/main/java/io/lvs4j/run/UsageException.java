package io.lvs4j.run;

/** Thrown for arguments that can't be understood, with what would have been right. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}

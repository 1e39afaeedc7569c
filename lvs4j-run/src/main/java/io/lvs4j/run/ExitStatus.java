package io.lvs4j.run;

/** What the process ends with. */
enum ExitStatus {
  /** All is well. */
  DONE(0),
  /** A configuration that is checked would not run; or something failed that should not. */
  FAILED(1),
  /** Bad usage or configuration. */
  MISUSED(2),
  /** The host lacks something. */
  HOST_LACKS(3);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}

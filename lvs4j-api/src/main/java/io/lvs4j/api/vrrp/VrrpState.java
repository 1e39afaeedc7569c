package io.lvs4j.api.vrrp;

/** What an instance is doing, in keepalived's words. */
public enum VrrpState {
  /** Not started, or waiting for the start-up delay or a tracker's first answer. */
  INIT,
  /** Listening to the master's adverts. */
  BACKUP,
  /** Sending adverts and holding the virtual addresses. */
  MASTER,
  /** Unable to be master: an interface or a tracker has failed. */
  FAULT,
  /** Ended. */
  STOPPED
}

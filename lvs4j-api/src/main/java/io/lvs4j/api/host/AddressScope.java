package io.lvs4j.api.host;

/** How far an address is valid, in the kernel's words. */
public enum AddressScope {
  GLOBAL,
  SITE,
  LINK,
  HOST
}

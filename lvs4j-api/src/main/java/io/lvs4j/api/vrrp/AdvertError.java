package io.lvs4j.api.vrrp;

/**
 * What was wrong with an advert that a router heard, each with keepalived's or VRRP's own name for
 * its counter. An advert that is refused changes nothing, no timer either.
 */
public enum AdvertError {
  /** Too short for what it says it holds, or too long. */
  PACKET_LENGTH("packet_len_err"),
  /** Another version than ours, or none that there is. */
  VERSION("vers_err"),
  /** Not an advertisement. */
  TYPE("invalid_type_rcvd"),
  /** The virtual router id is 0, or none that anybody here has; counted at all of the link. */
  VIRTUAL_ROUTER_ID("vrid_err"),
  /** The checksum is wrong in every known convention. */
  CHECKSUM("chk_err"),
  /** A TTL or hop limit that says it came through a router. */
  TTL("ip_ttl_err"),
  /**
   * Another interval than ours. In VRRPv3 such an advert is believed, and counted all the same,
   * unless the interval is 0.
   */
  ADVERTISEMENT_INTERVAL("advert_interval_err"),
  /**
   * Other virtual addresses than ours. Unless the instance checks them, or there are none, such an
   * advert is believed, and counted all the same.
   */
  ADDRESS_LIST("addr_list_err"),
  /** An authentication type that no RFC has. */
  AUTHENTICATION_TYPE("invalid_authtype"),
  /** An IPsec authentication header, which is not spoken here. */
  AUTHENTICATION_HEADER("authentication_header"),
  /** Authenticated in another way than ours, or not at all. */
  AUTHENTICATION_TYPE_MISMATCH("authtype_mismatch"),
  /** A wrong password or signature. */
  AUTHENTICATION_FAILURE("auth_failure"),
  /** A signature that was seen before, or is too old. */
  REPLAY("replay"),
  /** An extension behind the advert that is not a signature. */
  EXTENSION("extension"),
  /** Of the other address family. */
  ADDRESS_FAMILY("address_family"),
  /** Multicast to a unicast instance, or the other way round. */
  DESTINATION("destination"),
  /** Unicast that is not from one of the peers. */
  UNICAST_SOURCE("unicast_source"),
  /** Heard by an address owner that takes no notice of others. */
  OWNER("owner_ignored");

  private final String counterName;

  AdvertError(String counterName) {
    this.counterName = counterName;
  }

  /** Returns the name of its counter, such as {@code ip_ttl_err}. */
  public String counterName() {
    return counterName;
  }
}

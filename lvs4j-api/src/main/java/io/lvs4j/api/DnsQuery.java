package io.lvs4j.api;

import java.util.List;
import java.util.Objects;

/**
 * keepalived's DNS_CHECK: a question by UDP. The real server is well when it answers without an
 * error code (RCODE 0); what it answers is not looked at. An answer to another question is waited
 * past.
 *
 * @param type the type of record to ask for
 * @param domain the name to ask for; a dot is the root
 */
public record DnsQuery(Type type, String domain) implements Probe {
  /** A type of record. */
  public enum Type {
    /** An IPv4 address. */
    A,
    /** A name server. */
    NS,
    /** An alias. */
    CNAME,
    /** The start of authority. */
    SOA,
    /** A mail exchanger. */
    MX,
    /** A text. */
    TXT,
    /** An IPv6 address. */
    AAAA,
    /** A signature. */
    RRSIG,
    /** A key that signs. */
    DNSKEY
  }

  public DnsQuery {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(domain, "domain");
  }

  /** Returns keepalived's question when none is set: the SOA of the root. */
  public static DnsQuery ofRoot() {
    return new DnsQuery(Type.SOA, ".");
  }

  @Override
  public String name() {
    return "DNS_CHECK";
  }

  @Override
  public List<Problem> problems() {
    boolean right =
        domain.equals(".")
            || (domain.length() <= 253
                && domain.matches("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?"));
    return right
        ? List.of()
        : List.of(
            new Problem(
                "name", "\"" + domain + "\"", "a domain name: labels of 1-63 characters, dots"));
  }

  @Override
  public String toString() {
    return name() + " " + type + " " + domain;
  }
}

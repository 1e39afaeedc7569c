package io.lvs4j.spring.boot;

import io.lvs4j.api.ClientAddress;
import io.lvs4j.api.DnsQuery;
import io.lvs4j.api.HttpProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties of a health check. Which of them mean something depends on its type.
 *
 * @param type what is asked; HTTP where there is a path, TCP else
 * @param path what to ask for by HTTP, beginning with a slash
 * @param virtualHost the Host header
 * @param expectStatus the status codes that are a good answer; 200 to 299 if not set
 * @param expectBody a regular expression that has to be found in the body
 * @param expectDigest the MD5 of the body, in hexadecimal digits
 * @param httpProtocol how HTTP is spoken; HTTP/1.0 with Connection: close if not set
 * @param tls how TLS is spoken, by HTTPS and gRPC
 * @param service the gRPC service that is asked for; the server as a whole if not set
 * @param authority the name of the gRPC server that is asked for
 * @param send what is sent to an agent first
 * @param payload what is sent by UDP, in hexadecimal digits; random bytes if not set
 * @param requireReply whether silence is a failure by UDP
 * @param reply what a reply by UDP has to begin with, in hexadecimal digits, x for any
 * @param recordType the type of DNS record that is asked for
 * @param domain the name that DNS is asked for
 * @param heloName the name that is said after HELO to a mail server
 * @param size how large a ping is, 8B to 1400B; 128B if not set
 * @param command a program and its arguments
 * @param commandTimeout how long the program may run; the time between checks if not set
 * @param dynamic whether the status of the program sets the weight
 * @param user the user that the program runs as
 * @param file a file that holds a number
 * @param multiplier by what the number of the file is multiplied before it is added to the weight;
 *     0, any number but 0 is a failure, if not set
 * @param probe the name of a bean, an io.lvs4j.api.HealthProbe
 * @param every the time between checks; 5 s if not set
 * @param connectTimeout how long a connect or a read may take; 5 s if not set
 * @param retries how many failures in a row are forgiven; 1 if not set
 * @param rise how many successes in a row take a server up; 1 if not set
 * @param delayBeforeRetry the time from a forgiven failure to the next attempt; 1 s if not set
 * @param warmUp the span over which first checks are spread; 1 s if not set
 * @param alpha whether a server is down until its first good check
 * @param logAllFailures whether every failure is logged as a warning
 * @param port the port to check when it is not the real server's own
 * @param address the IP address to check when it is not the real server's own
 * @param bindAddress the IP address to send from
 * @param bindPort the port to send from
 * @param bindInterface the network interface to send through
 * @param firewallMark the mark of the packets sent
 * @param proxyProtocol which PROXY protocol header a check begins with
 */
public record HealthCheckProperties(
    @Nullable Type type,
    @Nullable String path,
    @Nullable String virtualHost,
    @DefaultValue List<Integer> expectStatus,
    @Nullable String expectBody,
    @Nullable String expectDigest,
    @Nullable HttpProtocol httpProtocol,
    @Nullable TlsProperties tls,
    @DefaultValue("") String service,
    @Nullable String authority,
    @Nullable String send,
    @Nullable String payload,
    @Nullable Boolean requireReply,
    @Nullable String reply,
    DnsQuery.@Nullable Type recordType,
    @Nullable String domain,
    @Nullable String heloName,
    @Nullable DataSize size,
    @DefaultValue List<String> command,
    @Nullable Duration commandTimeout,
    @Nullable Boolean dynamic,
    @Nullable String user,
    @Nullable Path file,
    @DefaultValue("0") int multiplier,
    @Nullable String probe,
    @Nullable Duration every,
    @Nullable Duration connectTimeout,
    @Nullable Integer retries,
    @Nullable Integer rise,
    @Nullable Duration delayBeforeRetry,
    @Nullable Duration warmUp,
    @Nullable Boolean alpha,
    @Nullable Boolean logAllFailures,
    @Nullable Integer port,
    @Nullable String address,
    @Nullable String bindAddress,
    @Nullable Integer bindPort,
    @Nullable String bindInterface,
    @Nullable Long firewallMark,
    @Nullable ClientAddress proxyProtocol) {

  /** What a check asks. */
  public enum Type {
    /** A TCP connect. */
    TCP,
    /** A path by HTTP. */
    HTTP,
    /** A path by HTTP over TLS. */
    HTTPS,
    /** The gRPC health checking protocol. */
    GRPC,
    /** HAProxy's agent-check: the server sets its own weight. */
    AGENT,
    /** A datagram. */
    UDP,
    /** A DNS query. */
    DNS,
    /** The greeting of a mail server. */
    SMTP,
    /** An ICMP echo request. */
    PING,
    /** A program. */
    SCRIPT,
    /** A number in a file. */
    FILE,
    /** A bean. */
    PROBE
  }

  /**
   * How TLS is spoken.
   *
   * @param verify whether the server's certificate has to be valid
   * @param serverName the name to verify, and to send
   * @param certificateAuthority a PEM file with the certificates of those who are trusted
   * @param clientCertificate a PEM file with the certificates to show
   * @param clientKey a PEM file with the key of the certificate to show
   * @param clientKeyPassword the password of the key
   */
  public record TlsProperties(
      @DefaultValue("true") boolean verify,
      @Nullable String serverName,
      @Nullable Path certificateAuthority,
      @Nullable Path clientCertificate,
      @Nullable Path clientKey,
      @Nullable String clientKeyPassword) {
    /** Says nothing of the password. */
    @Override
    public String toString() {
      return "TlsProperties[verify=" + verify + ", serverName=" + serverName + "]";
    }
  }
}

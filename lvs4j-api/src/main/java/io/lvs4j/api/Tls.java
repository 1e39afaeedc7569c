package io.lvs4j.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a check over TLS trusts, expects and shows.
 *
 * <p>Files are in PEM; they are read when the first check begins, and again once they have changed.
 * A file that can't be read is told at each check and takes no server down.
 *
 * @param isVerified whether the server's certificate has to be valid, signed by somebody trusted,
 *     and for the name or address that is connected to
 * @param serverName the name to verify, and to send as SNI; without it the name of the virtual
 *     host, or the address
 * @param isServerNameSent whether the name is sent (SNI)
 * @param certificateAuthority the certificates of those who are trusted; without it, those whom the
 *     JVM trusts
 * @param clientCertificate the chain of certificates to show, if the server asks
 * @param clientKey its private key, PKCS #8
 * @param clientKeyPassword the key's password, if it is encrypted
 */
public record Tls(
    boolean isVerified,
    Optional<String> serverName,
    boolean isServerNameSent,
    Optional<Path> certificateAuthority,
    Optional<Path> clientCertificate,
    Optional<Path> clientKey,
    Optional<String> clientKeyPassword) {
  /** Returns TLS that verifies certificates against the authorities that the JVM trusts. */
  public static Tls verified() {
    return new Tls(
        true,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns TLS that takes any certificate and sends no server name: what keepalived's SSL_GET
   * does. Whoever sits between can answer in the server's place.
   */
  public static Tls withoutVerification() {
    return new Tls(
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the same for a server of this name, which is sent too (SNI). */
  public Tls serverName(String name) {
    return new Tls(
        isVerified,
        Optional.of(name),
        true,
        certificateAuthority,
        clientCertificate,
        clientKey,
        clientKeyPassword);
  }

  /** Returns the same sending the name of the virtual host (SNI), or no name. */
  public Tls sendServerName(boolean sent) {
    return new Tls(
        isVerified,
        serverName,
        sent,
        certificateAuthority,
        clientCertificate,
        clientKey,
        clientKeyPassword);
  }

  /** Returns the same trusting those whose certificates are in this file, and nobody else. */
  public Tls certificateAuthority(Path file) {
    return new Tls(
        isVerified,
        serverName,
        isServerNameSent,
        Optional.of(file),
        clientCertificate,
        clientKey,
        clientKeyPassword);
  }

  /** Returns the same with a certificate to show and its key, which has no password. */
  public Tls clientCertificate(Path certificate, Path key) {
    return new Tls(
        isVerified,
        serverName,
        isServerNameSent,
        certificateAuthority,
        Optional.of(certificate),
        Optional.of(key),
        Optional.empty());
  }

  /** Returns the same with a certificate to show and its encrypted key. */
  public Tls clientCertificate(Path certificate, Path key, String password) {
    return new Tls(
        isVerified,
        serverName,
        isServerNameSent,
        certificateAuthority,
        Optional.of(certificate),
        Optional.of(key),
        Optional.of(password));
  }

  List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    serverName
        .filter(name -> !name.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?"))
        .ifPresent(
            name -> problems.add(new Problem("server name", "\"" + name + "\"", "a host name")));
    if (clientCertificate.isPresent() != clientKey.isPresent()) {
      problems.add(new Problem("client certificate", "half", "a certificate and its key"));
    }
    return problems;
  }

  /** Says nothing of the password. */
  @Override
  public String toString() {
    return "Tls[verified=" + isVerified + ", serverName=" + serverName.orElse("none") + "]";
  }
}

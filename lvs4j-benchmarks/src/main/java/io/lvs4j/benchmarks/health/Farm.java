package io.lvs4j.benchmarks.health;

import io.lvs4j.api.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Many real servers that are one socket: all of 127.0.0.0/8 is on every host. */
final class Farm {
  static final int PORT = 8089;
  private static final int BACKLOG = 4096;
  private static final int OCTET = 250;

  private Farm() {}

  /** Returns a real server, counted from 0. */
  static Endpoint server(int number) {
    var address = new byte[] {127, 9, (byte) (number / OCTET), (byte) (1 + number % OCTET)};
    try {
      return new Endpoint(InetAddress.getByAddress(address), PORT);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Accepts and closes connections until the process is ended. */
  public static void main(String[] arguments) throws IOException {
    try (var listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(PORT), BACKLOG);
      System.out.println("ready");
      while (true) {
        listener.accept().close();
      }
    }
  }
}

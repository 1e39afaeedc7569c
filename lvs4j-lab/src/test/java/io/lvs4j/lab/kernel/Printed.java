package io.lvs4j.lab.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** What this JVM prints, which goes on to where it went before. */
final class Printed {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Printed() {}

  static Printed fromNowOn() {
    var printed = new Printed();
    System.setOut(printed.copying(System.out));
    System.setErr(printed.copying(System.err));
    return printed;
  }

  private PrintStream copying(PrintStream to) {
    var both =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] buffer, int offset, int length) throws IOException {
            to.write(buffer, offset, length);
            to.flush();
            synchronized (bytes) {
              bytes.write(buffer, offset, length);
            }
          }
        };
    return new PrintStream(both, true, UTF_8);
  }

  void clear() {
    synchronized (bytes) {
      bytes.reset();
    }
  }

  String text() {
    synchronized (bytes) {
      return bytes.toString(UTF_8);
    }
  }
}

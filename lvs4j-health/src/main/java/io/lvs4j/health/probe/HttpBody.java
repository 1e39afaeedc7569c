package io.lvs4j.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lvs4j.api.BodyPattern;
import io.lvs4j.api.HttpUrl;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** As much of an answer's body as has to be known to judge it. */
final class HttpBody {
  /** Of a body that nobody looks at, so much is read that the server is not cut off. */
  private static final int MOST_IGNORED = 65_536;

  private static final int MOST_SEARCHED = 1 << 20;

  private final Optional<String> expectedDigest;
  private final Optional<BodyPattern> expectedText;
  private final @Nullable MessageDigest digest;
  private final StringBuilder text = new StringBuilder();
  private long length;

  HttpBody(HttpUrl url) {
    expectedDigest = url.digest();
    expectedText = url.body();
    digest = expectedDigest.isPresent() ? md5() : null;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has MD5", impossible);
    }
  }

  void add(ByteBuf content) {
    length += content.readableBytes();
    if (digest != null) {
      digest.update(content.nioBuffer());
    }
    if (expectedText.isPresent() && text.length() < MOST_SEARCHED) {
      int more = Math.min(content.readableBytes(), MOST_SEARCHED - text.length());
      text.append(content.toString(content.readerIndex(), more, ISO_8859_1));
    }
  }

  /** Says whether more of the body could make no difference. */
  boolean isEnough() {
    if (digest != null) {
      return false;
    }
    return length >= (expectedText.isPresent() ? MOST_SEARCHED : MOST_IGNORED);
  }

  /** Says whether the text has to be searched, which may take long. */
  boolean isToBeSearched() {
    return expectedText.isPresent();
  }

  /** Returns what is wrong with the digest of the body; to be called once. */
  Optional<String> wrongDigest() {
    if (digest == null) {
      return Optional.empty();
    }
    var found = HexFormat.of().formatHex(digest.digest());
    return expectedDigest
        .filter(expected -> !expected.equals(found))
        .map(expected -> "MD5 " + found + " of " + length + " bytes (expected: " + expected + ")");
  }

  /**
   * Returns what is wrong with the text of the body.
   *
   * @param cancelled makes the search end by an exception
   */
  Optional<String> wrongText(BooleanSupplier cancelled) {
    return expectedText
        .filter(pattern -> !pattern.accepts(new Searched(text, cancelled)))
        .map(pattern -> "body of " + length + " bytes (expected: " + pattern + ")");
  }

  /** Returns what was found good, beside the status. */
  String found() {
    return (digest == null ? "" : ", MD5 as expected")
        + expectedText.map(pattern -> ", body has " + pattern).orElse("");
  }

  /** A text that ends a search which nobody waits for any more: some take ages. */
  private record Searched(CharSequence text, BooleanSupplier cancelled) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (cancelled.getAsBoolean()) {
        throw new IllegalStateException("search cancelled");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}

package io.lvs4j.linux.kernel;

/** The room for one received message, used again for the next one. */
public final class Reception {
  private final byte[] data;
  private final byte[] control;
  private final byte[] address;
  private int length;
  private int controlLength;
  private int addressLength;
  private int flags;

  /**
   * Creates the room.
   *
   * @param dataBytes for the message
   * @param controlBytes for its control messages
   */
  public Reception(int dataBytes, int controlBytes) {
    this.data = new byte[dataBytes];
    this.control = new byte[controlBytes];
    this.address = new byte[Layouts.SOCKADDR_STORAGE];
  }

  /** Returns the room for the message. */
  public byte[] data() {
    return data;
  }

  /** Returns the room for control messages. */
  public byte[] control() {
    return control;
  }

  /** Returns the room for the sender's address. */
  public byte[] address() {
    return address;
  }

  /** Says how much of the room a message has taken; called by the kernel. */
  public void filled(int length, int controlLength, int addressLength, int flags) {
    this.length = length;
    this.controlLength = controlLength;
    this.addressLength = addressLength;
    this.flags = flags;
  }

  /** Returns the length of the message. */
  public int length() {
    return length;
  }

  /** Returns the length of its control messages. */
  public int controlLength() {
    return controlLength;
  }

  /** Returns the length of the sender's address. */
  public int addressLength() {
    return addressLength;
  }

  /** Says whether the message was longer than the room. */
  public boolean isTruncated() {
    return (flags & SocketConstants.MSG_TRUNC) != 0;
  }
}

package io.lvs4j.ipvs.wire;

import java.util.Optional;

/** The commands of the family, {@code IPVS_CMD_*}. Some are used in answers only. */
public enum IpvsCommand {
  NEW_SERVICE(1),
  SET_SERVICE(2),
  DEL_SERVICE(3),
  /** Answered by NEW_SERVICE; without a service, a dump of all. */
  GET_SERVICE(4),
  NEW_DEST(5),
  SET_DEST(6),
  DEL_DEST(7),
  /** A dump, answered by NEW_DEST. */
  GET_DEST(8),
  NEW_DAEMON(9),
  DEL_DAEMON(10),
  /** A dump, answered by NEW_DAEMON. */
  GET_DAEMON(11),
  SET_CONFIG(12),
  /** Answered by SET_CONFIG. */
  GET_CONFIG(13),
  /** An answer only. */
  SET_INFO(14),
  /** Answered by SET_INFO. */
  GET_INFO(15),
  /** Of one service, or of all when there is none in it. */
  ZERO(16),
  FLUSH(17);

  private static final IpvsCommand[] ALL = values();

  private final int number;

  IpvsCommand(int number) {
    this.number = number;
  }

  /** Returns its number. */
  public int number() {
    return number;
  }

  /** Returns the command of a number. */
  public static Optional<IpvsCommand> of(int number) {
    return number < 1 || number > ALL.length ? Optional.empty() : Optional.of(ALL[number - 1]);
  }
}

package io.lvs4j.core.proxy;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The JFR record of one connection or UDP session, committed when it ends. */
@Name("io.lvs4j.Connection")
@Label("Connection")
@Description("A connection or UDP session that the proxy data plane carried")
@Category({"lvs4j", "Proxy"})
@StackTrace(false)
final class ConnectionEvent extends Event {
  @Label("Virtual Server")
  String virtualServer = "";

  @Label("Client")
  String client = "";

  @Label("Real Server")
  @Description("Empty if none was found")
  String realServer = "";

  @Label("Bytes In")
  @Description("Payload from the client")
  @DataAmount
  long bytesIn;

  @Label("Bytes Out")
  @Description("Payload to the client")
  @DataAmount
  long bytesOut;

  @Label("End")
  @Description("How it ended")
  String end = "";
}

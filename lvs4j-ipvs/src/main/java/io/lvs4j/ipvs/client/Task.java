package io.lvs4j.ipvs.client;

import io.lvs4j.ipvs.wire.IpvsCommand;
import io.lvs4j.ipvs.wire.IpvsMessage;
import java.util.Optional;

/**
 * A request to the kernel and the words for it.
 *
 * @param operation what it does
 * @param subject what it does it to, in words; may be empty
 * @param message the request
 * @param algorithms the service that names a scheduler, if one is sent
 */
record Task(
    Operation operation, String subject, IpvsMessage message, Optional<IpvsService> algorithms) {

  static Task of(Operation operation, IpvsCommand command) {
    return of(operation, "", IpvsMessage.of(command));
  }

  static Task of(Operation operation, String subject, IpvsMessage message) {
    return new Task(operation, subject, message, Optional.empty());
  }

  static Task of(Operation operation, ServiceKey key, IpvsCommand command) {
    return of(operation, key.toString(), IpvsMessage.of(command).with(WireServices.identify(key)));
  }

  static Task of(IpvsChange change) {
    return switch (change) {
      case IpvsChange.AddService(var service) ->
          of(Operation.ADD_SERVICE, IpvsCommand.NEW_SERVICE, service);
      case IpvsChange.SetService(var service) ->
          of(Operation.SET_SERVICE, IpvsCommand.SET_SERVICE, service);
      case IpvsChange.DeleteService(var key) ->
          of(Operation.DELETE_SERVICE, key, IpvsCommand.DEL_SERVICE);
      case IpvsChange.AddDestination(var key, var destination) ->
          of(Operation.ADD_DESTINATION, IpvsCommand.NEW_DEST, key, destination);
      case IpvsChange.SetDestination(var key, var destination) ->
          of(Operation.SET_DESTINATION, IpvsCommand.SET_DEST, key, destination);
      case IpvsChange.DeleteDestination(var key, var destination) ->
          of(
              Operation.DELETE_DESTINATION,
              destination + " of " + key,
              IpvsMessage.of(IpvsCommand.DEL_DEST)
                  .with(WireServices.identify(key))
                  .with(WireDestinations.identify(key, destination)));
    };
  }

  private static Task of(Operation operation, IpvsCommand command, IpvsService service) {
    return new Task(
        operation,
        service.key().toString(),
        IpvsMessage.of(command).with(WireServices.describe(service)),
        Optional.of(service));
  }

  private static Task of(
      Operation operation, IpvsCommand command, ServiceKey key, IpvsDestination destination) {
    return of(
        operation,
        destination.key() + " of " + key,
        IpvsMessage.of(command)
            .with(WireServices.identify(key))
            .with(WireDestinations.describe(key, destination)));
  }

  /** Returns the words for it: {@code add service TCP 10.0.0.1:80}. */
  String words() {
    return subject.isEmpty() ? operation.words() : operation.words() + " " + subject;
  }
}

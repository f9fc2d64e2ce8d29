using Harness.Queue.Local;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Protocol;

namespace Harness.Queue.Nats.Serving;

/// <summary>Links to a coordinator, by its address: over a server, or over a socket of this machine.</summary>
public static class FleetLinks
{
    public static IFleetLink ForDevice(FleetAddress address, DeviceKey key, string device) => address.SocketOrNull() is { } socket
        ? new LocalFleetLink(socket, LocalCaller.Device, device, key) : NatsFleetLink.ForDevice(address, key, device);

    public static IFleetLink ForOperator(FleetAddress address, DeviceKey key) => address.SocketOrNull() is { } socket
        ? new LocalFleetLink(socket, LocalCaller.Operator, "", key) : NatsFleetLink.ForOperator(address, key);

    /// <summary>Its one verb is the name of the token.</summary>
    public static IFleetLink ForToken(FleetAddress address, EnrolmentToken token) => address.SocketOrNull() is { } socket
        ? new LocalFleetLink(socket, LocalCaller.Token, token.Hash, token.Key) : NatsFleetLink.ForToken(address, token);
}

using System.Text;
using Harness.Queue.Coordinating;

namespace Harness.Queue.Nats.Serving;

/// <summary>The walls between the users of a server, as its configuration states them.</summary>
static class ServerUsers
{
    public const string OperatorInbox = "_INBOX_operator";

    public static string InboxOf(string device) => $"_INBOX_device_{device}";
    public static string EnrolInboxOf(string tokenHash) => $"_INBOX_enrol_{tokenHash}";

    /// <summary>
    /// A device may ask under its own name and hear its own answers; a token may ask to enrol; an operator may ask the coordinator.
    /// None of them sees a job, a result or another's request.
    /// </summary>
    public static string Text(string coordinatorKey, string operatorKey, DeviceRegistry registry)
    {
        var text = new StringBuilder("authorization {\n  users: [\n");
        text.Append($"    {{ nkey: {coordinatorKey} }}\n");
        Add(text, operatorKey, "control.*", OperatorInbox);
        foreach (var device in registry.Devices.Where(device => !device.Revoked))
            Add(text, device.PublicKey, $"fleet.{device.Name}.*", InboxOf(device.Name));
        foreach (var token in registry.TokensLetIn) Add(text, token.PublicKey, $"enrol.{token.Hash}", EnrolInboxOf(token.Hash));
        return text.Append("  ]\n}\n").ToString();
    }

    static void Add(StringBuilder text, string key, string publish, string inbox) =>
        text.Append($"    {{ nkey: {key}, permissions: {{ publish: [\"{publish}\"], subscribe: [\"{inbox}.>\"] }} }}\n");
}

using System.Text;
using System.Text.Json;

namespace Harness.Queue.Protocol;

/// <summary>A message of the fleet: one line of JSON, and after its line end raw bytes where it carries a piece of a content.</summary>
public static class Frame
{
    /// <summary>No message may be longer; the server refuses what is.</summary>
    public const int MaximumBytes = 1024 * 1024;
    /// <summary>Bytes of a content in one message.</summary>
    public const int PieceBytes = 512 * 1024;

    public static byte[] Write<T>(T head, ReadOnlySpan<byte> piece = default)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(head, CanonicalJson.Options);
        var message = new byte[line.Length + 1 + piece.Length];
        line.CopyTo(message, 0);
        message[line.Length] = (byte)'\n';
        piece.CopyTo(message.AsSpan(line.Length + 1));
        return message.Length <= MaximumBytes ? message : throw new HarnessException(
            $"A message of {message.Length} bytes is above the limit of {MaximumBytes}.");
    }

    /// <exception cref="RefusedException">Not a line of JSON with the members that are asked for.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> message) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Line(message).Span, CanonicalJson.Options)
                ?? throw new RefusedException(Refusal.Malformed, "The message is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new RefusedException(Refusal.Malformed, $"The message is not a {typeof(T).Name}: {error.Message}");
        }
    }

    /// <summary>The bytes behind the line.</summary>
    public static ReadOnlyMemory<byte> PieceOf(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf((byte)'\n');
        return end < 0 ? default : message[(end + 1)..];
    }

    public static string Text(ReadOnlyMemory<byte> message) => Encoding.UTF8.GetString(Line(message).Span);

    static ReadOnlyMemory<byte> Line(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf((byte)'\n');
        return end < 0 ? message : message[..end];
    }
}

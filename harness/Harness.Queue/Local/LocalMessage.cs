using System.Buffers.Binary;
using System.Text;
using Harness.Queue.Protocol;

namespace Harness.Queue.Local;

/// <summary>
/// A message on a socket of this machine: its length without itself, the number of the request it belongs to (both 32 bits, little endian),
/// the length of the verb in a byte, the verb, and the content. Answers have no verb.
/// </summary>
sealed record LocalMessage(int Number, string Verb, ReadOnlyMemory<byte> Content)
{
    const int Head = 9, LongestVerb = 64;
    const int Longest = Frame.MaximumBytes + Head + LongestVerb;

    public static async ValueTask WriteAsync(Stream stream, LocalMessage message, CancellationToken cancellation)
    {
        var verb = Encoding.ASCII.GetBytes(message.Verb);
        var bytes = new byte[Head + verb.Length + message.Content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), message.Number);
        bytes[Head - 1] = (byte)verb.Length;
        verb.CopyTo(bytes, Head);
        message.Content.CopyTo(bytes.AsMemory(Head + verb.Length));
        await stream.WriteAsync(bytes, cancellation);
    }

    /// <summary>Null where the other side has closed the connection.</summary>
    /// <exception cref="RefusedException">Longer than any message of the protocol, or shorter than its own head.</exception>
    public static async ValueTask<LocalMessage?> ReadOrNullAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[4];
        if (await stream.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false, cancellation) < 4) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < Head - 4 or > Longest)
            throw new RefusedException(length > Longest ? Refusal.Oversized : Refusal.Malformed, $"A message of {length} bytes.");
        var bytes = new byte[length];
        if (await stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellation) < length) return null;
        int content = bytes[4] + 5;
        if (bytes[4] > LongestVerb || content > length)
            throw new RefusedException(Refusal.Malformed, "The verb is longer than its message.");
        return new(BinaryPrimitives.ReadInt32LittleEndian(bytes), Encoding.ASCII.GetString(bytes, 5, bytes[4]), bytes.AsMemory(content));
    }
}

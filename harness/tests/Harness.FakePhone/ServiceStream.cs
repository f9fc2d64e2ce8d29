using System.IO.Pipelines;

namespace Harness.FakePhone;

/// <summary>The phone's end of one adb stream: what the host sent to be read, and what is written to it, one payload in flight.</summary>
sealed class ServiceStream(int maximumPayload, Func<ReadOnlyMemory<byte>, Task> send)
{
    readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: 0));
    readonly SemaphoreSlim credit = new(1);
    readonly CancellationTokenSource gone = new();

    public PipeReader Reader => received.Reader;

    /// <summary>Cancelled when the host has closed the stream or the cable is pulled.</summary>
    public CancellationToken Gone => gone.Token;

    public async Task WriteAsync(ReadOnlyMemory<byte> content)
    {
        for (; content.Length > 0; content = content[Math.Min(maximumPayload, content.Length)..])
        {
            await credit.WaitAsync(Gone);
            await send(content[..Math.Min(maximumPayload, content.Length)]);
        }
    }

    public async Task ReadExactlyAsync(Memory<byte> target)
    {
        var result = await received.Reader.ReadAtLeastAsync(target.Length, Gone);
        if (result.Buffer.Length < target.Length) throw new EndOfStreamException();
        var part = result.Buffer.Slice(0, target.Length);
        var offset = 0;
        foreach (var segment in part)
        {
            segment.CopyTo(target[offset..]);
            offset += segment.Length;
        }
        received.Reader.AdvanceTo(part.End);
    }

    public async Task TakeAsync(byte[] payload, Func<Task> acknowledge)
    {
        await received.Writer.WriteAsync(payload);
        await acknowledge();
    }

    public void Acknowledge() => credit.Release();

    public void HangUp()
    {
        received.Writer.Complete();
        gone.Cancel();
    }
}

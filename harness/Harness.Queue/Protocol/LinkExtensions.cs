namespace Harness.Queue.Protocol;

/// <summary>Typed requests over a link.</summary>
public static class LinkExtensions
{
    /// <exception cref="RefusedException">The coordinator refused.</exception>
    public static async ValueTask<TAnswer> AskAsync<TRequest, TAnswer>(this IFleetLink link, string verb, TRequest request,
        CancellationToken cancellation, ReadOnlyMemory<byte> piece = default) where TAnswer : class =>
        ValueOf<TAnswer>(await link.AskAsync(verb, Frame.Write(request, piece.Span), cancellation));

    /// <summary>The value of an answer, or the refusal as an exception.</summary>
    public static T ValueOf<T>(ReadOnlyMemory<byte> message) where T : class
    {
        var answer = Frame.Read<Answer<T>>(message);
        return answer.Refusal is { } refusal ? throw new RefusedException(refusal, answer.Reason ?? "No reason was given.")
            : answer.Value ?? throw new RefusedException(Refusal.Malformed, "The answer has no value.");
    }
}

using Harness.Publishing.Boards;
using Harness.Publishing.Text;
using Microsoft.AspNetCore.Components;

namespace Harness.Publishing;

/// <summary>One file of the site and how its bytes are made.</summary>
sealed record Page(string Path, Func<Renderer, Stream, CancellationToken, Task> WriteAsync)
{
    /// <summary>
    /// Names everything the page is made of; a page whose key an earlier publication of the same program has is not rendered again.
    /// Null is always rendered.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>A Razor component; <paramref name="subject"/>, if any, becomes its parameter <c>Subject</c>.</summary>
    public static Page Of<TComponent>(string path, object? subject = null) where TComponent : IComponent =>
        new(path, (renderer, stream, _) => renderer.WriteAsync<TComponent>(new Location(path), subject, stream));

    /// <summary>As above, with a subject that is only loaded when the page is rendered.</summary>
    public static Page Of<TComponent>(string path, Func<Renderer, CancellationToken, ValueTask<object>> subject) where TComponent
        : IComponent =>
        new(path, async (renderer, stream, cancellation) =>
            await renderer.WriteAsync<TComponent>(new Location(path), await subject(renderer, cancellation), stream));

    public static Page Text(string path, Action<TextWriter> write) => new(path, async (_, stream, _) =>
    {
        await using var writer = OutputFolder.Writer(stream);
        write(writer);
    });

    public static Page Bytes(string path, Func<Stream, CancellationToken, Task> write) =>
        new(path, (_, stream, cancellation) => write(stream, cancellation));

    public static Page Of(IPage page, ResultView view) => Text(page.Path, writer => page.Write(view, writer));
}

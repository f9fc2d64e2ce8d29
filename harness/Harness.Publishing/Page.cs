using Harness.Publishing.Text;
using Microsoft.AspNetCore.Components;

namespace Harness.Publishing;

/// <summary>One file of the site and how its text is made.</summary>
sealed record Page(string Path, Func<Renderer, TextWriter, Task> WriteAsync)
{
    /// <summary>A Razor component; <paramref name="subject"/>, if any, becomes its parameter <c>Subject</c>.</summary>
    public static Page Of<TComponent>(string path, object? subject = null) where TComponent : IComponent => new(path, (renderer, writer) =>
        renderer.WriteAsync<TComponent>(new Location(path),
            subject is null ? [] : new Dictionary<string, object?>(StringComparer.Ordinal) { ["Subject"] = subject }, writer));

    public static Page Of(string path, Action<TextWriter> write) => new(path, (_, writer) =>
    {
        write(writer);
        return Task.CompletedTask;
    });

    public static Page Of(IPage page, ResultView view) => Of(page.Path, writer => page.Write(view, writer));
}

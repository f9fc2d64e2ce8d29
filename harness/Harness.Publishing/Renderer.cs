using Harness.Publishing.Boards;
using Harness.Publishing.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harness.Publishing;

/// <summary>Renders Razor components to static HTML. One renderer serves one thread, and keeps all it rendered until it is
/// disposed.</summary>
sealed class Renderer(Site site) : IAsyncDisposable
{
    readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    HtmlRenderer? html;

    (RunRecord Brief, RunRecord Whole)? last;

    /// <summary>The run in full; the last one is remembered, because its pages follow one another.</summary>
    public async ValueTask<RunRecord> ReadAsync(RunRecord brief, CancellationToken cancellation)
    {
        if (last is not { } known || !ReferenceEquals(known.Brief, brief))
            last = known = (brief, await site.Publisher.Details.ReadAsync(brief, cancellation));
        return known.Whole;
    }

    public Task WriteAsync<TComponent>(Location here, object? subject, Stream stream) where TComponent : IComponent =>
        WriteAsync<TComponent>(here, subject is null ? [] : new Dictionary<string,
            object?>(StringComparer.Ordinal) { ["Subject"] = subject }, stream);

    public Task WriteAsync<TComponent>(Location here, IReadOnlyDictionary<string, object?> parameters, Stream stream) where TComponent
        : IComponent
    {
        html ??= new HtmlRenderer(services, NullLoggerFactory.Instance);
        var root = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(Frame.Content)] = (RenderFragment)(builder => Cascade(builder, site, within => Cascade(within, here, inner =>
            {
                inner.OpenComponent<TComponent>(0);
                foreach (var (name, value) in parameters) inner.AddComponentParameter(1, name, value);
                inner.CloseComponent();
            }))),
        });
        return html.Dispatcher.InvokeAsync(async () =>
        {
            var rendered = await html.RenderComponentAsync<Frame>(root);
            await using var writer = OutputFolder.Writer(stream);
            rendered.WriteHtmlTo(writer);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (html is not null) await html.DisposeAsync();
        await services.DisposeAsync();
    }

    static void Cascade<T>(RenderTreeBuilder builder, T value, RenderFragment content)
    {
        builder.OpenComponent<CascadingValue<T>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<T>.Value), value);
        builder.AddComponentParameter(2, nameof(CascadingValue<T>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<T>.ChildContent), content);
        builder.CloseComponent();
    }

    sealed class Frame : ComponentBase
    {
        [Parameter] public RenderFragment? Content { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Content);
    }
}

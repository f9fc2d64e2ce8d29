using Harness.Publishing.Boards;
using Harness.Publishing.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harness.Publishing;

/// <summary>Renders Razor components to static HTML. One renderer serves one thread.</summary>
sealed class Renderer(Site site) : IAsyncDisposable
{
    readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    HtmlRenderer? html;

    public Task WriteAsync<TComponent>(Location here, IReadOnlyDictionary<string, object?> parameters, TextWriter writer) where TComponent : IComponent
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
        return html.Dispatcher.InvokeAsync(async () => (await html.RenderComponentAsync<Frame>(root)).WriteHtmlTo(writer));
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

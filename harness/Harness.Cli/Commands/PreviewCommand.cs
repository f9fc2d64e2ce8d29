using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Harness.Cli.Commands;

/// <summary>Serves a published site on this machine only, for looking at it.</summary>
static class PreviewCommand
{
    public static Command Create(Settings settings)
    {
        var site = new Argument<DirectoryInfo>("site") { Description = "Folder that `harness publish` wrote.",
            Arity = ArgumentArity.ZeroOrOne };
        var port = new Option<int>("--port") { Description = "Port on the loopback address; 0 takes a free one.", DefaultValueFactory =
            _ => 0 };
        var command = new Command("preview", "Serve a published site on http://127.0.0.1 until interrupted.") { site, port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(site) ?? new DirectoryInfo(Path.Combine(Settings.Checkout(), "artifacts", "site"));
            if (!File.Exists(Path.Combine(folder.FullName, "index.html")))
                throw new HarnessException($"No index.html in {folder.FullName}: run `harness publish --output {folder.FullName}` first.");
            await using var server = Serve(folder, parsed.GetValue(port));
            await server.StartAsync(cancellation);
            settings.Terminal.Say($"serving {folder.FullName}; stop with Ctrl+C");
            await settings.Terminal.Data.WriteLineAsync(server.Urls.First());
            var stopped = new TaskCompletionSource();
            await using (cancellation.Register(stopped.SetResult)) await stopped.Task;
            return ExitCodes.Ok;
        });
        return command;
    }

    static WebApplication Serve(DirectoryInfo folder, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var server = builder.Build();
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".parquet"] = "application/vnd.apache.parquet";
        server.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(folder.FullName),
            StaticFileOptions = { ContentTypeProvider = types },
        });
        return server;
    }
}

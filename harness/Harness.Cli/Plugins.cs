using System.Reflection;
using System.Runtime.Loader;

namespace Harness.Cli;

/// <summary>Loads a suite compiled elsewhere; what the harness itself holds is shared, everything else is the plug-in's own.</summary>
static class Plugins
{
    public static Suite Load(FileInfo file)
    {
        if (!file.Exists) throw new HarnessException($"No plug-in {file.FullName}: give the path of a compiled assembly.");
        Assembly assembly;
        try { assembly = new Context(file).LoadFromAssemblyPath(file.FullName); }
        catch (BadImageFormatException exception)
        {
            throw new HarnessException($"{file.FullName} is not a .NET assembly for this platform.", exception);
        }
        var makers = assembly.GetExportedTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(Suite) && method.GetParameters().Length == 0).ToList();
        return makers.Count == 1 ? (Suite)makers[0].Invoke(null, null)!
            : throw new HarnessException($"{file.Name} has {makers.Count} public static methods without parameters that return a Suite; "
                + "it must have exactly one, e.g. `public static Suite Create()`.");
    }

    sealed class Context(FileInfo file) : AssemblyLoadContext(file.Name)
    {
        readonly AssemblyDependencyResolver _resolver = new(file.FullName);

        protected override Assembly? Load(AssemblyName name)
        {
            if (Default.Assemblies.Any(loaded => loaded.GetName().Name == name.Name)) return null;
            if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name.Name}.dll"))) return null;
            return _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }
}

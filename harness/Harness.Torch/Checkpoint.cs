using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>A copy of a module's parameters and buffers, held in memory or in a file.</summary>
public sealed class Checkpoint : IDisposable
{
    readonly Dictionary<string, Tensor> tensors;

    Checkpoint(Dictionary<string, Tensor> tensors) => this.tensors = tensors;

    public static Checkpoint Of(nn.Module module)
    {
        using var _ = no_grad();
        return new(module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope()));
    }

    /// <summary>Puts the copied values back.</summary>
    public void Restore(nn.Module module)
    {
        using var _ = no_grad();
        foreach (var (name, tensor) in module.state_dict()) tensor.copy_(tensors[name]);
    }

    /// <summary>Writes the module's state whole or not at all.</summary>
    public static void Save(nn.Module module, FileInfo file)
    {
        Directory.CreateDirectory(file.DirectoryName!);
        var temporary = $"{file.FullName}.{Environment.ProcessId}.part";
        module.save(temporary);
        File.Move(temporary, file.FullName, overwrite: true);
    }

    /// <exception cref="HarnessException">The file does not exist or does not fit the module.</exception>
    public static void Load(nn.Module module, FileInfo file)
    {
        if (!file.Exists) throw new HarnessException($"The checkpoint {file.FullName} does not exist; train the model first.");
        try
        {
            module.load(file.FullName);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or IOException)
        {
            throw new HarnessException($"The checkpoint {file.FullName} does not fit {module.GetName()}: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}

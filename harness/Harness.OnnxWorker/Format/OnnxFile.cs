using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;

namespace Harness.OnnxWorker.Format;

/// <summary>What is known of an ONNX file without running it.</summary>
sealed class OnnxFile
{
    static readonly HashSet<string> RandomOperators = new(StringComparer.Ordinal)
    {
        "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
    };

    readonly OnnxReader read;

    OnnxFile(FileInfo file, byte[] content, OnnxReader read)
    {
        (Name, Folder, Content, this.read) = (file.Name, file.DirectoryName!, content, read);
        Sha256 = HashOf();
    }

    public string Name { get; }

    /// <summary>Where files with its weights lie.</summary>
    public string Folder { get; }

    public byte[] Content { get; }

    /// <summary>
    /// Of the file; where other files hold weights, of the lines <c>HASH  NAME</c> of all of them, the model first, the others by name.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Of the outermost graph, in the order of the file.</summary>
    public IReadOnlyList<OnnxNode> Nodes => read.Nodes;

    /// <summary>Of the outermost graph, by name, constants included.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Tensors => read.Tensors;

    /// <summary>Those of nested graphs too.</summary>
    public IEnumerable<OnnxTensor> Parameters => read.AllTensors.Where(tensor => tensor.IsParameter);

    public IReadOnlyList<string> Outputs => read.Outputs;

    public string OperatorSetsInWords => string.Join(", ", read.OperatorSets.Select(set =>
        string.Create(CultureInfo.InvariantCulture, $"{(set.Domain.Length > 0 ? set.Domain : "ai.onnx")} {set.Version}")));

    /// <exception cref="DataUnavailableException">The file, or one with its weights, is missing or cannot be read.</exception>
    /// <exception cref="UnsupportedException">It is no ONNX file.</exception>
    public static OnnxFile Read(FileInfo file)
    {
        byte[] content;
        try { content = File.ReadAllBytes(file.FullName); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataUnavailableException($"The model {file.FullName} cannot be read: {error.Message} "
                + "Name an ONNX file, as in `harness-onnx network.onnx worker`.", error);
        }
        try { return new(file, content, OnnxReader.Of(content)); }
        catch (InvalidProtocolBufferException error) { throw NoOnnx(file, error.Message, error); }
        catch (InvalidDataException error) { throw NoOnnx(file, error.Message, error); }
    }

    /// <exception cref="UnsupportedException">An operator draws numbers without a seed of its own.</exception>
    public void RefuseRandomOperators()
    {
        if (read.AllNodes.FirstOrDefault(node => node.IsStandard && RandomOperators.Contains(node.Operator)
            && !node.Whole.ContainsKey("seed")) is { } random)
            throw new UnsupportedException($"{Name} draws random numbers (node {random.Title}, {random.Operator}) without a seed of its "
                + "own, so that its answers differ from run to run; give the operator a seed, or export the network in evaluation mode.");
    }

    static UnsupportedException NoOnnx(FileInfo file, string what, Exception error) =>
        new($"{file.Name} is no ONNX file: {what} Export the network with torch.onnx.export or another ONNX exporter.", error);

    string HashOf()
    {
        var model = Convert.ToHexStringLower(SHA256.HashData(Content));
        var others = read.AllTensors.Select(tensor => tensor.Location).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0) return model;
        var lines = others.Select(name => $"{HashOf(name)}  {name}\n").Prepend($"{model}  model\n");
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    string HashOf(string name)
    {
        if (Path.GetFileName(name) != name)
            throw new UnsupportedException($"{Name} keeps weights in '{name}'; allowed is a file beside it.");
        try
        {
            using var stream = File.OpenRead(Path.Combine(Folder, name));
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (IOException error)
        {
            throw new DataUnavailableException($"{Name} keeps weights in {name}, which is not beside it: {error.Message}", error);
        }
    }
}

using Harness.OnnxWorker.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker;

/// <summary>A loaded network with one input and one output, on the processor.</summary>
sealed class OnnxSession : IDisposable
{
    /// <summary>Size of an axis that takes any.</summary>
    public const int Any = -1;

    public const string ExecutionProvider = "CPUExecutionProvider";

    readonly InferenceSession session;

    /// <param name="threads">Within an operator; operators run one after another.</param>
    /// <param name="element">Of the values that the input must take.</param>
    /// <exception cref="UnsupportedException">It cannot be loaded, or has not one input and one output of known types.</exception>
    public OnnxSession(OnnxFile file, int threads, TensorElementType element)
    {
        session = Load(file, file.Content, threads, GraphOptimizationLevel.ORT_ENABLE_ALL);
        try
        {
            Input = Only(session.InputMetadata, "input", element, file);
            Output = Only(session.OutputMetadata, "output", TensorElementType.Float, file);
        }
        catch
        {
            session.Dispose();
            throw;
        }
        (InputShape, OutputShape) = (session.InputMetadata[Input].Dimensions, session.OutputMetadata[Output].Dimensions);
    }

    /// <summary>Name, version and execution provider.</summary>
    public static string Runtime { get; } = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {ExecutionProvider}";

    public string Input { get; }
    public string Output { get; }

    /// <summary>Sizes of the axes, that of the batch first; <see cref="Any"/> where it is open.</summary>
    public int[] InputShape { get; }

    /// <inheritdoc cref="InputShape"/>
    public int[] OutputShape { get; }

    /// <summary>The outputs of a batch.</summary>
    /// <exception cref="HarnessException">ONNX Runtime refuses it; the message is its own.</exception>
    public OrtValue Run(OrtValue input)
    {
        using var options = new RunOptions();
        try { return session.Run(options, [Input], [input], [Output])[0]; }
        catch (OnnxRuntimeException error) { throw new HarnessException($"ONNX Runtime: {error.Message}", error); }
    }

    public void Dispose() => session.Dispose();

    /// <exception cref="UnsupportedException">ONNX Runtime cannot load it; the message is its own.</exception>
    public static InferenceSession Load(OnnxFile file, byte[] content, int threads, GraphOptimizationLevel optimization)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = optimization, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", file.Folder);
        try { return new InferenceSession(content, options); }
        catch (OnnxRuntimeException error)
        {
            throw new UnsupportedException($"{file.Name} cannot be loaded by ONNX Runtime {OrtEnv.Instance().GetVersionString()}: "
                + $"{error.Message.TrimEnd()} It asks for operator sets {file.OperatorSetsInWords}; if one is too new, export it again for "
                + "an older one (torch.onnx.export: opset_version).", error);
        }
    }

    static string Only(IReadOnlyDictionary<string, NodeMetadata> values, string what, TensorElementType element, OnnxFile file)
    {
        if (values.Count != 1)
            throw new UnsupportedException($"{file.Name} has {values.Count} {what}s ({string.Join(", ", values.Keys)}); allowed is one.");
        var (name, value) = values.Single();
        return value.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && value.ElementDataType == element ? name
            : throw new UnsupportedException($"The {what} {name} of {file.Name} is of type {value.ElementDataType}; allowed is {element}.");
    }
}

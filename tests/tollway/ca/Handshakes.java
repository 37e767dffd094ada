import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Shakes hands as an HTTPS client does: one line a pair of name and port, "accepted" or why not. */
public class Handshakes {
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < args.length; i += 2) {
            System.out.println(args[i] + " " + shake(args[i], Integer.parseInt(args[i + 1])));
        }
    }

    private static String shake(String name, int port) throws Exception {
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(raw, name, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return "accepted";
        } catch (SSLException refused) {
            return "refused: " + refused.getMessage();
        }
    }
}
